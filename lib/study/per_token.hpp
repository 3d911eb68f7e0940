#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "study/evaluation.hpp"

namespace rnnlab {

/// A symbol of a language model's test text, and ln p of it.
struct ScoredToken {
  std::int32_t symbol;
  double log_probability;  // nats
};

/// Every target of the test, in its order; their mean is the negative loss.
/// REQUIRES: the test is a stream with a class at every step.
std::vector<ScoredToken> scored_tokens(RunEvaluator&, const Task&);

/// What a classifier says after a step of an example of the test.
struct RunningPrediction {
  std::uint64_t example;
  int step;                             // 0 is the first
  std::int32_t symbol;                  // that was read there; −1 where inputs are numbers
  std::span<const double> probability;  // of each class
};

/// Calls f for every step of every example: the example is read from its beginning up to that step
/// and no further, so it holds for models of both directions as well. Throws Error(usage) for a
/// task that is no classification of sequences by their last step.
void running_predictions(const TrainedRun&, const Config&, const Task&,
                         const std::atomic<bool>* stop,
                         const std::function<void(const RunningPrediction&)>& f);

/// A classifier's one example: a text in the run's input symbols, of which it has texts; cut as the
/// run's task noted, else by character where each of them is one (but those in angle brackets),
/// else by the words between blanks. Throws Error(data) as a vocabulary does.
std::unique_ptr<Task> one_text_task(const TrainedRun&, std::string_view text,
                                    const std::string& where);

}  // namespace rnnlab
