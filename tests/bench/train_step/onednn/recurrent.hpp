#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>

#include "train_step/onednn/parameters.hpp"

namespace rnnlab::bench::onednn {

struct Shape {
  std::string cell;  // vanilla, lstm, gru
  int T, B, inputs, H;

  int gates() const { return cell == "vanilla" ? 1 : cell == "lstm" ? 4 : 3; }
  std::size_t parameters() const;
};

/// One recurrent layer: oneDNN's vanilla_rnn, lstm or lbr_gru (the GRU whose reset gate comes after
/// the product), training, forwards and backwards.
///
/// Its parameters are kept in the order that the primitives document, W [inputs, gates, H]; where a
/// primitive prefers another layout, they are reordered into it once per step. PyTorch's two biases
/// stay two, so that Adam moves both.
class Recurrent {
 public:
  /// `input` is [T, B, inputs]; `first`: where the layer's parameters begin.
  Recurrent(const dnnl::engine&, const Shape&, const dnnl::memory& input, const Parameters&,
            std::size_t first);

  const dnnl::memory& output() const { return output_; }                    // [T, B, H]
  const dnnl::memory& output_gradient() const { return output_gradient_; }  // to be filled
  const dnnl::memory& input_gradient() const { return input_gradient_; }    // [T, B, inputs]

  void forward(dnnl::stream&);
  void backward(dnnl::stream&);

  /// Between PyTorch's arrays and the layer's, which stands at `ours`; `index` counts weight_ih,
  /// weight_hh, bias_ih, bias_hh.
  void from_pytorch(int index, const float* theirs, float* ours) const;
  void to_pytorch(int index, const float* ours, float* theirs) const;
  std::size_t offset(int index) const { return offset_[index]; }

 private:
  using Arguments = std::unordered_map<int, dnnl::memory>;

  /// A matrix in the documented order and in the one that a primitive prefers: one and the same
  /// memory where the two agree.
  struct Matrix {
    dnnl::memory plain, preferred;
    dnnl::reorder to_preferred, to_plain;  // none where the two agree

    void pack(dnnl::stream&);
    void unpack(dnnl::stream&);
  };

  template <class Forward, class Backward, class... Start>
  void build(Start... start);
  Matrix matrix(const dnnl::memory::desc& plain, const dnnl::memory::desc& preferred,
                float* at) const;
  void pack_bias();
  void unpack_bias();
  /// Calls f(index in PyTorch's array, index in ours) for each entry of array `index`.
  template <class F>
  void for_each_entry(int index, F&& f) const;

  dnnl::engine engine_;
  Shape shape_;
  std::size_t offset_[4];
  float* value_[4];
  float* gradient_[4];
  dnnl::memory input_, output_, output_gradient_, input_gradient_, bias_, bias_gradient_;
  Matrix forward_[2], backward_[2], gradients_[2];  // W_ih and W_hh
  dnnl::primitive forward_primitive_, backward_primitive_;
  Arguments forward_arguments_, backward_arguments_;
};

}  // namespace rnnlab::bench::onednn
