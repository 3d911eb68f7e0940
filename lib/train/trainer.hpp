#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/state.hpp"
#include "data/task.hpp"
#include "nn/nonfinite.hpp"
#include "nn/options.hpp"
#include "record/sink.hpp"
#include "train/options.hpp"
#include "train/profiler.hpp"

namespace rnnlab {

enum class Ended { completed, target, time, diverged, interrupted };

/// "completed" for the first three, else the state's own name, as `status.json` and `outcome` have
/// it.
const char* state_name(Ended);

struct Progress {
  std::int64_t step = 0;   // steps done
  std::int64_t steps = 0;  // of so many
  double loss = 0;         // mean since the last report
  double metric = 0;       // latest validation metric; NaN before the first
  const char* name = "";   // of the metric
  double seconds = 0;      // since the first step
};

struct Outcome {
  Ended ended = Ended::completed;
  std::int64_t steps = 0;  // steps done
  double loss = 0;         // of the last interval
  double test_loss =
      0;  // on the test split, of the parameters that `train.select` says; NaN if none
  double test_metric = 0;
  double seconds = 0;   // training, evaluation and recording
  std::string message;  // what happened, for people
};

/// A run between two steps: what a later process goes on from, to the same bytes.
struct Snapshot {
  std::int64_t step = 0;  // steps done
  RowCounts rows;         // of the log
  State state;
  /// At the end of a run, what a longer one would have by then: it writes no row for a step that
  /// is due only because it is the last.
  RowCounts rows_if_longer;
};

/// The step whose loss or gradient is not finite, with all that is needed to take it again.
struct Divergence {
  std::int64_t step = 0;
  State state;  // before the step
  Batch batch;
  std::optional<NonFinite> first;  // where it arose
};

/// One training run: everything that its numbers depend on, and what to do with them.
struct TrainingRun {
  const Task& task;
  DataOptions data;
  std::uint64_t task_seed = 0;
  ModelOptions model;
  TrainOptions train;
  RecordOptions record;
  int threads = 1;

  Sink& sink;
  std::function<void(const Progress&)> report = {};  // called between steps, at least once a second
  const std::atomic<bool>* stop = nullptr;           // set by a signal handler
  Profile* profile = nullptr;                        // filled if given

  /// Called with snapshots if given: every `keep_every` steps (0: once a minute), when stopped, and
  /// at the end of the last step.
  std::function<void(const Snapshot&)> keep = {};
  std::int64_t keep_every = 0;
  /// Called with the step at which the run diverges, if it does, before its outcome is recorded.
  std::function<void(const Divergence&)> diverged = {};
  /// The state to go on from, whose rows the sink has; null starts at step 0. `longer`: it is that
  /// of the end of a shorter run, and the sink has its `rows_if_longer`.
  const State* from = nullptr;
  bool longer = false;
};

/// Whether training flushes denormals to zero on this processor, in every thread alike.
bool flushes_denormals();

/// Trains, evaluates and records. Calls `sink.start()` after declaring everything it will write:
/// tables `metrics/{train,valid,test}` and those of the instruments, arrays `model/parameters/…`.
/// Throws Error for options that do not fit together; a non-finite loss is an outcome.
Outcome train(const TrainingRun&);

}  // namespace rnnlab
