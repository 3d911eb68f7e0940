#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "data/task.hpp"
#include "nn/options.hpp"
#include "train/stepper.hpp"

namespace rnnlab {

/// Shows a split's examples, the first `examples` of it where it has as many as one asks for, and
/// what is predicted for them at the stepper's parameters. Of sequence to sequence, every source is
/// decoded greedily besides, to at most the longest target. Ends early once *stop is set.
template <class S>
void show_examples(const Task&, std::uint64_t task_seed, const ModelOptions&, Stepper<S>&,
                   Stream split, std::int64_t examples, Scorer&,
                   const std::atomic<bool>* stop = nullptr);

/// The task's TestMetrics of the same examples. A SpellingScorer is given the model's corrections
/// alone. Empty where the task has none, or *stop was set.
template <class S>
std::vector<double> test_scores(const Task&, std::uint64_t task_seed, const ModelOptions&,
                                Stepper<S>&, Stream split, std::int64_t examples,
                                const std::atomic<bool>* stop = nullptr);

}  // namespace rnnlab
