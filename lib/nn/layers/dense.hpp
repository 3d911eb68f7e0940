#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

struct DenseOptions {
  int inputs = 0;   // I
  int outputs = 0;  // O
  bool bias = true;
  std::string prefix = "output.";  // of the parameters' names
  std::string init = "glorot";     // MatrixInit's kind …
  double init_std = 0;             // … and deviation
  std::string tied_to = {};    // the parameter that is W, declared before; empty: one of its own
  bool input_gradient = true;  // whether backward returns ∂L/∂x
};

/// The affine map y = W x + b at every step: W [O, I] and b [O] under `prefix` weight and bias.
/// y's columns are padded to whole lane groups; the padding is zero in the forward pass and must be
/// zero in dy. Reads `Upstream::every` only.
template <class S>
std::unique_ptr<Layer<S>> make_dense(const DenseOptions&);

}  // namespace rnnlab
