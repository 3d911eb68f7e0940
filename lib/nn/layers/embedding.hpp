#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

/// The look-up table y_t = E[symbol_t]: E [symbols, width] under `embedding.weight`, initially
/// N(0, deviation²). Takes symbols, returns no gradient of its input; ∂L/∂E[s] = Σ_{t: symbol_t =
/// s} ∂L/∂y_t.
template <class S>
std::unique_ptr<Layer<S>> make_embedding(int symbols, int width, double deviation = 1);

}  // namespace rnnlab
