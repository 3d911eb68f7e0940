#pragma once

#include <cstdint>

#include "train/options.hpp"

namespace rnnlab {

/// What train.lr is multiplied by at update k = 0 … N − 1 of N = train.steps, in (0, 1]:
///
///   W = train.warmup:  (k + 1)/W while k < W, from then on, with p = (k − W)/(N − W),
///   constant 1,   linear 1 − p,   cosine (1 + cos πp)/2 (Loshchilov and Hutter 2017, no restarts).
///
/// But for `constant` it depends on N: a run of more steps is another one from its first step.
double rate_factor(const TrainOptions&, std::int64_t step);

}  // namespace rnnlab
