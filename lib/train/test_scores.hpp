#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "data/task.hpp"
#include "nn/options.hpp"
#include "train/stepper.hpp"

namespace rnnlab {

/// The task's TestMetrics of a split, of the first `examples` of it where it has as many as one
/// asks for, at the stepper's parameters. Of sequence to sequence, every source is decoded greedily
/// besides, to at most the longest target. A SpellingScorer is given the model's corrections alone.
/// Empty where the task has none, or *stop was set.
template <class S>
std::vector<double> test_scores(const Task&, std::uint64_t task_seed, const ModelOptions&,
                                Stepper<S>&, Stream split, std::int64_t examples,
                                const std::atomic<bool>* stop = nullptr);

}  // namespace rnnlab
