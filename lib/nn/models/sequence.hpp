#pragma once

#include <memory>

#include "nn/model.hpp"

namespace rnnlab {

/// The sequence model: layers wired as nn/models/wiring.hpp says, read at every step (many-to-many)
/// or once per example (many-to-one: last state, mean, max, attention), and the task's loss.
///
/// Where the task's inputs are one step for a whole sequence (one-to-many), the layers see it at
/// the first step and zeros afterwards, or at every step. Where it has one target per sequence and
/// `pool` is `every`, that target is asked for at every step, each weighing 1/length of the
/// example; prediction and metric are those of the last step.
template <class S>
std::unique_ptr<Model<S>> make_sequence_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
