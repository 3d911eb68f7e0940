#include "study/run_job.hpp"

#include <chrono>
#include <optional>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/checkpoint.hpp"
#include "record/provenance.hpp"
#include "record/recorder.hpp"
#include "study/divergence.hpp"
#include "study/engines/local.hpp"
#include "study/folder_lock.hpp"
#include "study/run_digest.hpp"
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

Attributes attributes_of(const RunJob& job, const Task& task, const Yardstick& yardstick) {
  Attributes attributes = provenance();
  attributes.emplace_back("numerics", std::int64_t{numerics_revision});
  attributes.emplace_back("command_line", job.command_line);
  attributes.emplace_back("config_hash", job.config.hash());
  attributes.emplace_back("seed", job.config.train().seed);
  attributes.emplace_back("threads", job.config.run().threads);
  attributes.emplace_back("cores", std::int64_t{usable_cores()});
  const std::string data = task.data_sha256();
  attributes.emplace_back("data_sha256", data.empty() ? "none: drawn from task.seed" : data);
  const Facts facts = task.facts();
  attributes.emplace_back("chance_loss", facts.chance_loss);
  attributes.emplace_back("solved", facts.solved);
  if (facts.readout == Readout::sequence) {
    attributes.emplace_back("source_length", std::int64_t{facts.length});
    attributes.emplace_back("target_length", std::int64_t{facts.target_length});
  } else if (facts.given > 0) {
    attributes.emplace_back("target_length", std::int64_t{facts.length});
  }
  for (const auto& [name, note] : task.notes()) attributes.emplace_back(name, note);
  attributes.emplace_back("yardstick", yardstick.text());
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
  const std::string quality = "test/" + metrics.yardstick().metric;
  if (const auto status = read_status(job.folder); status && status->finished()) {
    end.status = *status;
  } else {
    end.status = {.id = job.config.id(),
                  .step = static_cast<std::int64_t>(metrics.value("test/step")),
                  .steps = job.config.train().steps,
                  .loss = metrics.value("train/loss"),
                  .metric = metrics.value(quality),
                  .seconds = metrics.value("train/seconds"),
                  .eta_seconds = 0,
                  .host = host_name()};
  }
  end.status.state = metrics.outcome();
  end.exit = end.status.state == "diverged" ? Exit::diverged : Exit::done;
  end.test_loss = metrics.value("test/loss");
  end.test_metric = metrics.value(quality);
  end.yardstick = metrics.yardstick();
  return end;
}

bool says_finished(const fs::path& folder) {
  const auto status = read_status(folder);
  return status && status->finished();
}

/// The last word of a finished run, for good.
void seal(const fs::path& folder, Status& status) {
  if (status.finished()) status.run_sha256 = file_digest(folder / "run.h5", Exit::write);
  write_status(folder, status, true);
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

/// After this the folder is as it was before the run, of which there was nothing then.
void take_back(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / "config.ini", error);
  fs::remove(folder / "status.json", error);
}

/// What a checkpoint says of itself.
Attributes about(const RunJob& job, std::int64_t step) {
  return {{"step", step},
          {"steps", job.config.train().steps},
          {"course", job.config.course()},
          {"program", program_digest()}};
}

/// The checkpoint to go on from. Throws Error(usage) for one of another program.
std::optional<Checkpoint> fitting_checkpoint(const RunJob& job) {
  auto found = read_checkpoint(job.folder, job.say);
  if (!found || found->text("course") != job.config.course()) return std::nullopt;
  if (found->integer("step") > job.config.train().steps) return std::nullopt;
  if (!job.force && found->text("program") != program_digest())
    throw Error(Exit::usage, "the run was begun by another build of rnnlab", job.folder.string(),
                "go on with that one, or add --force: the result may differ in its last digits");
  return found;
}

/// Trains from a checkpoint, or from step 0. Sets `started` once the run file is in its place.
RunEnd train_from(const RunJob& job, const Task& task, Status& status, const Checkpoint* from,
                  bool& started) {
  const RecordOptions record = job.config.record();
  const fs::path file = job.folder / "run.h5";
  const Yardstick yardstick = yardstick_of(job.config, task);
  Attributes attributes = attributes_of(job, task, yardstick);
  if (from && from->text("program") != program_digest())
    attributes.emplace_back("forced", "begun by another build: " + from->text("program"));
  Recorder recorder(file.string(), attributes, job.config.portable_text(), record.mode);
  if (const auto symbols = task.symbols(); !symbols.empty()) {
    recorder.text("vocabulary", "text of each class, a JSON array", vocabulary_text(symbols));
  }
  if (const auto symbols = task.source_symbols(); !symbols.empty()) {
    recorder.text("source_vocabulary", "text of each input symbol, a JSON array",
                  vocabulary_text(symbols));
  }
  if (const auto symbols = task.given_symbols(); !symbols.empty()) {
    recorder.text("classes", "text of each class that a sequence can be of, a JSON array",
                  vocabulary_text(symbols));
  }
  Reporter reporter(job, recorder, status);
  TrainingRun run{.task = task,
                  .data = job.config.data(),
                  .task_seed = job.config.task_seed(),
                  .model = job.config.model(),
                  .train = job.config.train(),
                  .record = record,
                  .threads = static_cast<int>(job.config.run().threads),
                  .sink = recorder,
                  .report = [&](const Progress& progress) { reporter(progress); },
                  .stop = &stop_requested(),
                  .profile = job.profile,
                  .keep_every = job.config.run().checkpoint_every};
  if (!job.profile) {
    run.diverged = [&](const Divergence& divergence) {
      keep_divergence(job.folder, job.config, divergence);
    };
    run.keep = [&](const Snapshot& snapshot) {
      recorder.sync();
      write_checkpoint(job.folder, {.about = about(job, snapshot.step),
                                    .rows = snapshot.rows,
                                    .rows_if_longer = snapshot.rows_if_longer,
                                    .state = snapshot.state});
    };
  }
  if (from) {
    run.from = &from->state;
    run.longer =
        from->integer("step") == from->integer("steps") && from->integer("steps") < run.train.steps;
    recorder.go_on(file.string(), run.longer ? from->rows_if_longer : from->rows);
  }
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
    if (outcome.ended == Ended::diverged && fs::exists(job.folder / divergence_name))
      status.message += "; rnnlab replay " + job.folder.string() + " takes the step again";
    return {.exit = exit_of(outcome.ended),
            .status = status,
            .test_loss = outcome.test_loss,
            .test_metric = outcome.test_metric,
            .yardstick = yardstick};
  } catch (const Error& error) {
    started = recorder.started();
    if (error.code() == Exit::write) recorder.abandon();
    throw;
  }
}

RunEnd train_into(const RunJob& job, const Task& task, Status& status, bool unfinished,
                  const std::optional<Checkpoint>& from) {
  const auto say = [&](const std::string& text) {
    if (job.say) job.say(text);
  };
  bool started = false;
  if (from) {
    say("going on from step " + std::to_string(from->integer("step")));
    try {
      return train_from(job, task, status, &*from, started);
    } catch (const Error& error) {
      if (started || error.code() != Exit::data) throw;
      say(std::string("the log of the run cannot be trusted: ") + error.what());
    }
  }
  if (unfinished) say("an unfinished run of this id: starting again at step 0");
  return train_from(job, task, status, nullptr, started);
}

}  // namespace

RunEnd run_job(const RunJob& job) {
  const auto present = [&] {
    if (job.shorter && folder_state(job.folder, *job.shorter) != FolderState::vacant)
      return FolderState::unfinished;
    return folder_state(job.folder, job.config);
  };
  if (present() == FolderState::finished && says_finished(job.folder)) return finished_before(job);
  const std::unique_ptr<Task> task = job.config.make_task();

  NewFolder folder(job.folder);
  const FolderLock lock(job.folder);
  const FolderState state = present();  // what another process did in the meantime
  if (state == FolderState::finished) {
    RunEnd end = finished_before(job);
    // Killed between the log's last word and the status', or the status was damaged since.
    if (!says_finished(job.folder)) seal(job.folder, end.status);
    return end;
  }

  Status status{.id = job.config.id(),
                .steps = job.config.train().steps,
                .pid = ::getpid(),
                .host = host_name()};
  const bool unfinished = state == FolderState::unfinished;
  const auto from = unfinished && !job.profile ? fitting_checkpoint(job) : std::nullopt;
  try {
    // In this order: a finished run that is extended is none any more before its config.ini is.
    write_status(job.folder, status, true);
    replace_text(job.folder / "config.ini", config_file_text(job.config));
    RunEnd end = train_into(job, *task, status, unfinished, from);
    seal(job.folder, end.status);
    folder.keep();
    return end;
  } catch (const std::exception& error) {
    if (unfinished || fs::exists(job.folder / "run.h5")) {
      folder.keep();
      record_failure(job.folder, status, error.what());
    } else {
      take_back(job.folder);
    }
    throw;
  }
}

}  // namespace rnnlab
