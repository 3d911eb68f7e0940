#pragma once

#include <memory>

#include "nn/layer.hpp"
#include "nn/steps/program.hpp"

namespace rnnlab {

/// A recurrent layer that runs a step program for t = 0 … T−1, and its derivative for t = T−1 … 0.
///
/// Signals that are read in another step, or whose values backward wants, are kept for all t;
/// pre-activations are scratch of one step. Adjoints lie in rings: of a signal that is read d steps
/// late, d + 1 steps, of a pre-activation the steps of a time block, whose weight gradients are
/// taken at once (nn/layers/time_blocks.hpp).
///
/// What is read before the first step is the initial state (initial_state.hpp; of everything but h
/// and c zero; of h_{−d}, c_{−d} the same for all d), or what was carried in. Like every recurrent
/// layer: full BPTT within the window, StateTrace, LogSweep, and nothing of a step past an
/// example's end reaches loss or gradient. StateTrace's factors are those of the products marked as
/// traced, rows one product after the other, all with the same right-hand side.
template <class S>
std::unique_ptr<Layer<S>> make_composite(const StepProgram&, bool input_gradient);

}  // namespace rnnlab
