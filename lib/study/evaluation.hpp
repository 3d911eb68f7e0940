#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/task.hpp"
#include "nn/losses/loss.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {

/// What a trained run is worth on a task's test split.
struct Evaluation {
  std::vector<std::pair<std::string, double>> metrics;  // as in /metrics/test, the loss first
  std::vector<Baseline> baselines;
};

/// A trained run beside a task: its parameters in the very code that evaluates in training, so that
/// the task that it was trained on gives the numbers of its run file, bit by bit.
class RunEvaluator {
 public:
  /// The configuration says model, precision, data sizes, seed and threads. REQUIRES: run, task and
  /// *stop outlive it. Throws Error(usage) where the trained parameters do not fit the task.
  RunEvaluator(const TrainedRun&, const Config&, const Task&, const std::atomic<bool>* stop);
  ~RunEvaluator();

  /// Loss, metric, and the task's own test metrics. Throws Error(interrupted) once *stop is set.
  std::vector<std::pair<std::string, double>> metrics();
  /// Shows the test split's examples, or its stream's windows, and what is predicted for them; of
  /// sequence to sequence what greedy decoding finds besides.
  void show(Scorer&);

 private:
  class Any;
  template <class S>
  class Of;
  std::unique_ptr<Any> any_;
};

/// A task of the same kind of data in the symbols of a run: a TokenTask reads by the run's, else
/// the texts of classes, of input symbols and of a given vector's entries are looked up among the
/// run's, and what is not there becomes `<unk>` or U+FFFD. The task itself where they are the same.
/// Throws Error(data) for the first that is not there, where the run has no such stand-in.
std::unique_ptr<Task> in_symbols_of(const TrainedRun&, std::unique_ptr<Task>);

/// A language model's test on the whole of another text, in the run's symbols: every symbol is
/// predicted, the first one after a line's end (where there is none: from the second one on).
/// `training`: the run's own texts, null where they are not to be had; baselines are counted there.
std::unique_ptr<Task> whole_text_task(const TextVocabulary&, std::string_view text,
                                      const std::string& where, int length, const Task* training);

}  // namespace rnnlab
