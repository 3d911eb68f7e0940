#pragma once

#include <cstddef>
#include <memory>

namespace rnnlab::bench::onednn {

struct Free {
  void operator()(float* p) const;
};
using Block = std::unique_ptr<float, Free>;

/// Zeroed floats on a 64-byte boundary.
Block make_block(std::size_t count);

/// All weights of a network, their gradients and Adam's moments, each as one block.
class Parameters {
 public:
  explicit Parameters(std::size_t count);

  float* value(std::size_t offset) const { return value_.get() + offset; }
  float* gradient(std::size_t offset) const { return gradient_.get() + offset; }

  /// lr 1e-3, β 0.9 and 0.999, ε 1e-8, bias-corrected; on OpenMP's threads.
  void adam();

 private:
  std::size_t count_;
  Block value_, gradient_, mean_, square_;
  int steps_ = 0;
};

}  // namespace rnnlab::bench::onednn
