#pragma once

#include <atomic>
#include <cstdint>

#include "data/task.hpp"
#include "nn/options.hpp"
#include "train/options.hpp"

namespace rnnlab {

/// How long training takes here and now, by doing some of it.
struct StepTime {
  double setup_seconds = 0;  // to build and initialise the model, and the first step
  double step_seconds = 0;   // median of the steps after that; without instruments
};

/// Takes real training steps for about `seconds`, at least two, and forgets them. Throws Error for
/// options that do not fit together.
StepTime time_steps(const Task&, const DataOptions&, std::uint64_t task_seed, const ModelOptions&,
                    const TrainOptions&, int threads, double seconds,
                    const std::atomic<bool>& stop);

/// Multiply-adds of one training step, up to a factor that is the same for every configuration:
/// parameters × time steps × examples.
double step_cost(const Facts&, const ModelOptions&, const TrainOptions&);

}  // namespace rnnlab
