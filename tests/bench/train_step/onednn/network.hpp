#pragma once

#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "train_step/answers.hpp"
#include "train_step/onednn/parameters.hpp"
#include "train_step/onednn/recurrent.hpp"

namespace rnnlab::bench::onednn {

/// The network of a case: recurrent layers and a linear head with softmax cross-entropy at every
/// t, trained by Adam on the case's batch, on OpenMP's threads. Everything is allocated once.
class Network {
 public:
  explicit Network(const CaseFile&);

  /// Forward, loss, backward; returns the mean loss.
  double gradient();
  void update() { parameters_.adam(); }

  enum class Of { value, gradient };
  /// All parameters, or their gradients, in PyTorch's layout under PyTorch's names.
  std::map<std::string, std::vector<float>> arrays(Of) const;

 private:
  /// Calls f(name, layer or null for the head, index of the array in it, offset).
  template <class F>
  void for_each_array(F&& f) const;
  double loss();

  dnnl::engine engine_;
  dnnl::stream stream_;
  Shape shape_;
  int layers_;
  std::size_t weight_, bias_;  // the head's, [classes, H] and [classes]
  Parameters parameters_;
  dnnl::memory input_;
  std::vector<Recurrent> recurrent_;
  std::vector<int> label_;  // [T, B]
  Block logits_;            // [T, B, classes]; after loss() the gradient by them
};

}  // namespace rnnlab::bench::onednn
