#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

struct SelfAttentionOptions {
  int width = 0;  // H
  int heads = 1;  // divides H
  bool causal = false;
  bool bias = true;
  std::string prefix = "self_attn.";
  std::string init = "glorot";  // MatrixInit's kind …
  double init_std = 0;          // … and deviation
};

/// Multi-head self-attention, PyTorch's MultiheadAttention of a sequence over itself:
///
///   [q; k; v]_t = W_in x_t + b_in,   y_t = W_out attention(q, k, v)_t + b_out
///
/// with attention as attention_core.hpp has it. Parameters `prefix` in_proj_weight [3H, H],
/// in_proj_bias [3H], out_proj.weight [H, H] and out_proj.bias [H]. tensors() has the weights as
/// `attention`, [T, b, heads · T]. Reads `Upstream::every` only.
template <class S>
std::unique_ptr<Layer<S>> make_self_attention(const SelfAttentionOptions&);

}  // namespace rnnlab
