#pragma once

#include <cstdint>
#include <optional>

#include "base/state.hpp"
#include "data/task.hpp"
#include "nn/nonfinite.hpp"
#include "nn/options.hpp"
#include "train/options.hpp"

namespace rnnlab {

struct Retaken {
  double loss = 0, grad_norm = 0;
  std::optional<NonFinite> first;  // nothing if every value is finite
};

/// Takes one step again, from the state before it (Divergence::state), on one thread. Throws
/// Error(data) for the state of another configuration.
Retaken retake_step(const Task&, const DataOptions&, std::uint64_t task_seed, const ModelOptions&,
                    const TrainOptions&, std::int64_t step, const State&);

}  // namespace rnnlab
