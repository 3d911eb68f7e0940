#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

/// What tells a layer without recurrence where a step stands: y_t = x_t + p_t.
///
/// Sinusoidal positions (Vaswani et al. 2017, section 3.5), for sequences of at most `steps` steps:
///
///   p_{t,2i} = sin(t / 10000^(2i/F)),   p_{t,2i+1} = cos(t / 10000^(2i/F))
template <class S>
std::unique_ptr<Layer<S>> make_sinusoidal_positions(int width, int steps);

/// Learned positions: parameter positions.weight [steps, F], at first N(0, 0.02²).
template <class S>
std::unique_ptr<Layer<S>> make_learned_positions(int width, int steps);

}  // namespace rnnlab
