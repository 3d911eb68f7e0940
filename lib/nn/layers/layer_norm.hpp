#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

/// Layer normalisation over the units of one step (Ba, Kiros, Hinton 2016):
///
///   y = γ ∘ (x − μ) / √(σ² + 10⁻⁵) + β,   μ and σ² the mean and the (biased) variance of x's units
///
/// Parameters `prefix`weight (γ, starts at 1) and `prefix`bias (β, at 0), [F] each, as PyTorch's
/// LayerNorm has them. Reads `Upstream::every` only.
template <class S>
std::unique_ptr<Layer<S>> make_layer_norm(int width, const std::string& prefix);

}  // namespace rnnlab
