#include "study/run_job.hpp"

#include <chrono>
#include <optional>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/provenance.hpp"
#include "record/recorder.hpp"
#include "study/folder_lock.hpp"
#include "study/run_folder.hpp"
#include "study/run_metrics.hpp"
#include "study/stop.hpp"
#include "study/text_file.hpp"
#include "study/trained_run.hpp"
#include "train/numerics.hpp"
#include "train/trainer.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Attributes attributes_of(const RunJob& job, const Task& task) {
  Attributes attributes = provenance();
  attributes.emplace_back("numerics", std::int64_t{numerics_revision});
  attributes.emplace_back("command_line", job.command_line);
  attributes.emplace_back("config_hash", job.config.hash());
  attributes.emplace_back("seed", job.config.train().seed);
  attributes.emplace_back("threads", job.config.run().threads);
  const std::string data = task.data_sha256();
  attributes.emplace_back("data_sha256", data.empty() ? "none: drawn from task.seed" : data);
  attributes.emplace_back("chance_loss", task.facts().chance_loss);
  attributes.emplace_back("ftz", std::int64_t{flushes_denormals()});
  return attributes;
}

Exit exit_of(Ended ended) {
  switch (ended) {
    case Ended::diverged: return Exit::diverged;
    case Ended::interrupted: return Exit::interrupted;
    default: return Exit::done;
  }
}

/// Keeps status.json and the run file's readers up to date, once a second.
class Reporter {
 public:
  Reporter(const RunJob& job, Recorder& recorder, Status& status)
      : job_(job), recorder_(recorder), status_(status) {}

  void operator()(const Progress& progress) {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::seconds(1) && progress.step < progress.steps) return;
    last_ = now;
    status_.step = progress.step;
    status_.steps = progress.steps;
    status_.loss = progress.loss;
    status_.metric = progress.metric;
    status_.seconds = progress.seconds;
    status_.eta_seconds = progress.step == 0
                              ? nan
                              : progress.seconds / static_cast<double>(progress.step) *
                                    static_cast<double>(progress.steps - progress.step);
    recorder_.flush();
    write_status(job_.folder, status_);
    if (job_.report) job_.report(progress);
  }

 private:
  const RunJob& job_;
  Recorder& recorder_;
  Status& status_;
  Clock::time_point last_ = Clock::now() - std::chrono::hours(1);
};

RunEnd finished_before(const RunJob& job) {
  RunEnd end{.was_finished = true};
  const RunMetrics metrics(job.folder, job.config);
  end.status.id = job.config.id();
  end.status.state = metrics.outcome();
  end.status.step = end.status.steps = job.config.train().steps;
  if (const auto status = read_status(job.folder)) end.status = *status;
  end.status.state = metrics.outcome();
  end.exit = end.status.state == "diverged" ? Exit::diverged : Exit::done;
  end.test_loss = metrics.value("test/loss");
  end.test_metric = metrics.value("test/" + metrics.task_metric());
  return end;
}

void record_failure(const fs::path& folder, Status status, const std::string& message) {
  status.state = "failed";
  status.message = message;
  status.eta_seconds = nan;
  try {
    write_status(folder, status);
  } catch (const Error&) {
    // The first error is the one to tell.
  }
}

/// After this the folder is as it was before the run, if the run never got to its first step.
void take_back(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / "config.ini", error);
  fs::remove(folder / "status.json", error);
}

RunEnd train_into(const RunJob& job, const Task& task, Status& status) {
  const RecordOptions record = job.config.record();
  Recorder recorder((job.folder / "run.h5").string(), attributes_of(job, task),
                    job.config.portable_text(), record.mode);
  if (const auto symbols = task.symbols(); !symbols.empty()) {
    recorder.text("vocabulary", "text of each class, a JSON array", vocabulary_text(symbols));
  }
  Reporter reporter(job, recorder, status);
  const TrainingRun run{.task = task,
                        .data = job.config.data(),
                        .task_seed = job.config.task_seed(),
                        .model = job.config.model(),
                        .train = job.config.train(),
                        .record = record,
                        .threads = static_cast<int>(job.config.run().threads),
                        .sink = recorder,
                        .report = [&](const Progress& progress) { reporter(progress); },
                        .stop = &stop_requested(),
                        .profile = job.profile};
  try {
    const Outcome outcome = train(run);
    recorder.finish(state_name(outcome.ended));
    status.state = state_name(outcome.ended);
    status.step = outcome.steps;
    status.steps = run.train.steps;
    status.loss = outcome.loss;
    status.metric = outcome.test_metric;
    status.seconds = outcome.seconds;
    status.eta_seconds = outcome.ended == Ended::interrupted ? nan : 0;
    status.message = outcome.message;
    return {exit_of(outcome.ended), false, status, outcome.test_loss, outcome.test_metric};
  } catch (const Error& error) {
    if (error.code() == Exit::write) recorder.abandon();
    throw;
  }
}

}  // namespace

RunEnd run_job(const RunJob& job) {
  FolderState state = folder_state(job.folder, job.config);
  if (state == FolderState::finished) return finished_before(job);
  const std::unique_ptr<Task> task = job.config.make_task();

  NewFolder folder(job.folder);
  const FolderLock lock(job.folder);
  state = folder_state(job.folder, job.config);  // what another process did in the meantime
  if (state == FolderState::finished) return finished_before(job);
  if (state == FolderState::unfinished && job.say)
    job.say("an unfinished run of this id without a checkpoint: starting again at step 0");

  Status status{.id = job.config.id(),
                .steps = job.config.train().steps,
                .pid = ::getpid(),
                .host = host_name()};
  try {
    replace_text(job.folder / "config.ini", config_file_text(job.config));
    write_status(job.folder, status);
    const RunEnd end = train_into(job, *task, status);
    write_status(job.folder, end.status);
    folder.keep();
    return end;
  } catch (const std::exception& error) {
    if (fs::exists(job.folder / "run.h5")) {
      folder.keep();
      record_failure(job.folder, status, error.what());
    } else {
      take_back(job.folder);
    }
    throw;
  }
}

}  // namespace rnnlab
