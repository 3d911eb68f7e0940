#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

/// Reads a sequence [T, b, F] into one vector per example, over its own steps t < length alone:
///
///   last   y = x_{length−1}
///   mean   y = Σ_t x_t / length
///   max    y_i = max_t x_{t,i}; the gradient goes to the first step that has it
template <class S>
std::unique_ptr<Layer<S>> make_pool(const std::string& kind, int width);

/// Learned attention pooling (Yang et al.: Hierarchical Attention Networks, 2016):
///
///   u_t = tanh(W x_t + b),   α = softmax over t < length of vᵀ u_t,   y = Σ_t α_t x_t
///
/// Parameters, under `prefix`, weight [F, F], bias [F], context [F] (v). `init` and `init_std` are
/// MatrixInit's kind and deviation for W, and for v as a matrix [1, F].
struct AttentionPoolOptions {
  int width = 0;  // F
  bool bias = true;
  std::string init = "glorot";
  double init_std = 0;
  std::string prefix = "pool.";
};
template <class S>
std::unique_ptr<Layer<S>> make_attention_pool(const AttentionPoolOptions&);

}  // namespace rnnlab
