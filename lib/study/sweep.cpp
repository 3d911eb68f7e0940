#include "study/sweep.hpp"

#include <chrono>
#include <map>
#include <set>

#include "study/folder_lock.hpp"
#include "study/freeze.hpp"
#include "study/run_end.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Follows the runs of a sweep and tells the watcher.
class Follower {
 public:
  Follower(const Registry& registry, const fs::path& folder, const Manifest& manifest,
           const std::vector<std::size_t>& unfinished, const LocalLimits& limits,
           std::int64_t retries, const SweepWatcher& watcher)
      : registry_(registry),
        folder_(folder),
        manifest_(manifest),
        limits_(limits),
        retries_(retries),
        watcher_(watcher),
        open_(unfinished.begin(), unfinished.end()),
        report_(status_report(folder, manifest)) {}

  /// Whether to run it again.
  bool ended(const LocalEnd& end) {
    Status& status = report_.runs[end.index];
    status = status_after(registry_, folder_, manifest_.runs[end.index], end, limits_);
    const bool again = is_worth_another_try(end, status, limits_) &&
                       tries_[end.index]++ < retries_ && !stop_requested();
    if (again) {
      status.message += "; trying again";
    } else {
      open_.erase(end.index);
      if (!status.finished()) worst_ = worse(worst_, end, status);
    }
    watcher_.ended(status, report_);
    return again;
  }

  void tick(const std::vector<std::size_t>& running) {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::seconds(1)) return;
    last_ = now;
    for (const std::size_t run : running) report_.refresh(run);
    watcher_.progress(report_);
  }

  Exit exit() const { return stop_requested() && !open_.empty() ? Exit::interrupted : worst_; }

 private:
  static Exit worse(Exit worst, const LocalEnd& end, const Status& status) {
    if (status.state == "interrupted" || worst == Exit::interrupted) return Exit::interrupted;
    const bool write = end.signal == 0 && end.exit_code == static_cast<int>(Exit::write);
    return write || worst == Exit::write ? Exit::write : Exit::bug;
  }

  const Registry& registry_;
  const fs::path& folder_;
  const Manifest& manifest_;
  const LocalLimits& limits_;
  std::int64_t retries_;
  const SweepWatcher& watcher_;
  std::set<std::size_t> open_;
  StatusReport report_;
  std::map<std::size_t, std::int64_t> tries_;
  Exit worst_ = Exit::done;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

void SweepOptions::describe(OptionVisitor& v) {
  v.visit({.name = "dir", .help = "the folder of the sweep", .changes_results = false}, dir);
  v.visit({.name = "jobs",
           .help = "runs at a time, each a process; 0: as many as there are cores",
           .unit = "processes",
           .min = 0,
           .max = 4096,
           .changes_results = false},
          jobs);
  v.visit({.name = "max_seconds",
           .help = "a run's process that takes longer is told to store a checkpoint and end, and "
                   "killed a minute later; the run is interrupted, and resume goes on with it for "
                   "as long again; 0: no limit",
           .unit = "seconds",
           .min = 0,
           .max = 1e9,
           .changes_results = false},
          max_seconds);
  v.visit(
      {.name = "max_memory_mb",
       .help = "memory that a run's process may ask for; one that needs more fails; 0: no limit",
       .unit = "MiB",
       .min = 0,
       .max = 1e9,
       .changes_results = false},
      max_memory_mb);
  v.visit({.name = "retries",
           .help = "how often a run that crashed, or was killed by a signal, is started again from "
                   "its checkpoint",
           .min = 0,
           .max = 1000,
           .changes_results = false},
          retries);
  v.visit(
      {.name = "engine", .help = "what runs them", .choices = {"local"}, .changes_results = false},
      engine);
}

int SweepOptions::at_once() const { return jobs > 0 ? static_cast<int>(jobs) : usable_cores(); }

Exit run_sweep(const Registry& registry, const fs::path& folder, const fs::path& program,
               const SweepOptions& options, bool force, const SweepWatcher& watcher) {
  const FolderLock lock(folder);
  Manifest manifest = read_manifest(folder);
  const std::vector<std::size_t> unfinished = unfinished_runs(folder, manifest);
  const bool forced = admit_this_build(folder, manifest, unfinished, registry, force);
  const LocalLimits limits{.at_once = options.at_once(),
                           .max_seconds = options.max_seconds,
                           .max_memory_mb = options.max_memory_mb};
  Follower follower(registry, folder, manifest, unfinished, limits, options.retries, watcher);
  std::vector<LocalJob> jobs;
  for (const std::size_t index : unfinished) {
    const fs::path run = run_folder(folder, manifest.runs[index]);
    LocalJob job{index,
                 {"run", "--from", folder.string(), "--index", std::to_string(index)},
                 run / "log.txt",
                 run};
    if (forced) job.arguments.emplace_back("--force");
    jobs.push_back(std::move(job));
  }
  run_local(
      program, jobs, limits, stop_requested(),
      [&](const LocalEnd& end) { return follower.ended(end); },
      [&](const std::vector<std::size_t>& running) { follower.tick(running); });
  write_summary(registry, folder, manifest);
  return follower.exit();
}

}  // namespace rnnlab
