#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

struct CrossAttentionOptions {
  int width = 0;   // H, of the queries' sequence and of the memory
  int heads = 1;   // divides H
  int memory = 0;  // the most steps of a memory
  bool bias = true;
  std::string prefix = "multihead_attn.";
  std::string init = "glorot";  // MatrixInit's kind …
  double init_std = 0;          // … and deviation
  bool shows = false;           // whether it fills AttendedSource::weights
};

/// Multi-head attention of a sequence x over the memory m that the layer is given as its source
/// (AttendedSource::memory), PyTorch's MultiheadAttention:
///
///   q_t = W_q x_t + b_q,   [k; v]_s = [W_k; W_v] m_s + [b_k; b_v]
///   y_t = W_out attention(q, k, v)_t + b_out
///
/// with attention as attention_core.hpp has it. Parameters as self_attention.hpp's, the rows of
/// in_proj those of q, k and v. AttendedSource::weights receives the mean over the heads; tensors()
/// has all of them as `attention`, [T, b, heads · T']. Reads `Upstream::every` only, and the
/// source.
template <class S>
std::unique_ptr<Layer<S>> make_cross_attention(const CrossAttentionOptions&);

}  // namespace rnnlab
