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
  /// Where W and b are some rows of larger parameters: how many those have, and the first of ours.
  /// The layer with the first row 0 declares and initializes all of them. 0: all rows are ours.
  int all_rows = 0;
  int first_row = 0;
};

/// The affine map y = W x + b at every step: W [O, I] and b [O] under `prefix` weight and bias.
/// y's columns are padded to whole lane groups; the padding is zero in the forward pass and must be
/// zero in dy. Reads `Upstream::every` only.
template <class S>
std::unique_ptr<Layer<S>> make_dense(const DenseOptions&);

}  // namespace rnnlab
