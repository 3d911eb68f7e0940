#pragma once

#include <span>
#include <vector>

#include "base/rng.hpp"
#include "decode/sampling.hpp"

namespace rnnlab {

/// Draws outputs that are 0 or 1 and independent given the past from their logits y: each of the
/// top_k likeliest (all, if 0; among equal logits the smaller index counts as likelier) is 1 with
/// probability σ(y/τ), at a temperature of 0 where y > 0. Returns those that are 1, ascending. One
/// number is taken per logit, none at a temperature of 0.
std::vector<int> sample_frame(std::span<const float> logits, const Sampling&, Rng&);

}  // namespace rnnlab
