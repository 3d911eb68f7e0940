#include "study/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "study/folder_lock.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool same_runs(const Manifest& a, const Manifest& b) {
  return std::equal(a.runs.begin(), a.runs.end(), b.runs.begin(), b.runs.end(),
                    [](const auto& x, const auto& y) { return x.id == y.id; });
}

/// The state that a process' end stands for, where the process has not written it itself.
Status after(const fs::path& folder, const std::string& id, const LocalEnd& end) {
  Status status = read_status(folder).value_or(Status{.state = "failed", .id = id});
  const auto code = static_cast<Exit>(end.exit_code);
  if (end.signal == 0 && code == Exit::done) return status;
  if (end.signal == 0 && code == Exit::diverged) return status;
  if (end.signal == 0 && code == Exit::interrupted) {
    status.state = "interrupted";
    return status;
  }
  if (status.state == "failed" && !status.message.empty()) return status;
  status.state = "failed";
  status.message = end.signal != 0 ? std::string("ended by a signal: ") + ::strsignal(end.signal)
                                   : "ended with exit code " + std::to_string(end.exit_code) +
                                         "; the reason is in log.txt";
  status.eta_seconds = nan;
  write_status(folder, status);
  return status;
}

/// Follows the runs of a sweep and tells the watcher.
class Follower {
 public:
  Follower(const fs::path& folder, const Manifest& manifest, const SweepWatcher& watcher)
      : folder_(folder), manifest_(manifest), watcher_(watcher) {
    progress_.runs = manifest.runs.size();
  }

  /// Which runs are to be run; the others count as ended.
  std::vector<std::size_t> unfinished() {
    std::vector<std::size_t> todo;
    for (std::size_t i = 0; i < manifest_.runs.size(); ++i) {
      const auto status = read_status(run_folder(folder_, manifest_.runs[i]));
      if (!status || !status->finished()) todo.push_back(i);
    }
    open_.insert(todo.begin(), todo.end());
    before_ = manifest_.runs.size() - todo.size();
    return todo;
  }

  void ended(const LocalEnd& end) {
    const ManifestRun& run = manifest_.runs[end.index];
    Status status = after(run_folder(folder_, run), run.id, end);
    open_.erase(end.index);
    if (!status.finished()) worst_ = worse(worst_, end, status);
    measure();
    watcher_.ended(run, status, progress_);
  }

  void tick() {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::seconds(1)) return;
    last_ = now;
    measure();
    watcher_.progress(progress_);
  }

  Exit exit() const { return stop_requested() && !open_.empty() ? Exit::interrupted : worst_; }

 private:
  static Exit worse(Exit worst, const LocalEnd& end, const Status& status) {
    if (status.state == "interrupted" || worst == Exit::interrupted) return Exit::interrupted;
    const bool write = end.signal == 0 && end.exit_code == static_cast<int>(Exit::write);
    return write || worst == Exit::write ? Exit::write : Exit::bug;
  }

  void measure() {
    progress_.ended = manifest_.runs.size() - open_.size();
    progress_.done = static_cast<double>(progress_.ended);
    for (const std::size_t i : open_) {
      const auto status = read_status(run_folder(folder_, manifest_.runs[i]));
      if (status && status->state == "running" && status->steps > 0)
        progress_.done += static_cast<double>(status->step) / static_cast<double>(status->steps);
    }
    progress_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const double trained = progress_.done - static_cast<double>(before_);
    const double left = static_cast<double>(progress_.runs) - progress_.done;
    progress_.eta_seconds = trained > 0 ? progress_.seconds / trained * left : nan;
  }

  const fs::path& folder_;
  const Manifest& manifest_;
  const SweepWatcher& watcher_;
  SweepProgress progress_;
  std::set<std::size_t> open_;
  std::size_t before_ = 0;
  Exit worst_ = Exit::done;
  Clock::time_point start_ = Clock::now(), last_ = start_;
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
  v.visit(
      {.name = "engine", .help = "what runs them", .choices = {"local"}, .changes_results = false},
      engine);
}

namespace {

/// True for a folder of results kept without their runs (as a repository keeps them): it can be
/// begun anew, and what it holds is written again.
bool holds_results_alone(const fs::path& folder) {
  static const std::set<std::string> results{"summary.csv", "summary.h5", "verdict.json",
                                             "verdict.md",  "figures",    "README.md"};
  std::error_code error;
  if (!fs::exists(folder / "summary.csv", error)) return false;
  return std::all_of(fs::directory_iterator(folder, error), fs::directory_iterator{},
                     [](const auto& entry) { return results.contains(entry.path().filename()); });
}

}  // namespace

Manifest freeze(const fs::path& folder, const Manifest& wanted, bool extend) {
  if (!is_vacant(folder) && holds_results_alone(folder)) {
    const FolderLock lock(folder);
    write_manifest(folder, wanted);
    return wanted;
  }
  if (is_vacant(folder)) {
    NewFolder made(folder);
    const FolderLock lock(folder);
    write_manifest(folder, wanted);
    made.keep();
    return wanted;
  }
  if (!fs::exists(folder / "manifest.json"))
    throw Error(Exit::usage, "not an empty folder and not a sweep", shown(folder.string()),
                "choose another folder");
  const FolderLock lock(folder);
  Manifest frozen = read_manifest(folder);
  if (extend) {
    std::set<std::string> known;
    for (const ManifestRun& run : frozen.runs) known.insert(run.id);
    for (const ManifestRun& run : wanted.runs)
      if (known.insert(run.id).second) frozen.runs.push_back(run);
    write_manifest(folder, frozen);
  } else if (!same_runs(frozen, wanted)) {
    throw Error(Exit::usage, "the folder holds another sweep", shown(folder.string()),
                "choose another folder, or resume that sweep with rnnlab resume");
  }
  return frozen;
}

Exit run_sweep(const Registry& registry, const fs::path& folder, const fs::path& program,
               const SweepOptions& options, const SweepWatcher& watcher) {
  const FolderLock lock(folder);
  const Manifest manifest = read_manifest(folder);
  Follower follower(folder, manifest, watcher);
  std::vector<LocalJob> jobs;
  for (const std::size_t index : follower.unfinished()) {
    const fs::path run = run_folder(folder, manifest.runs[index]);
    make_folder(run);
    jobs.push_back({index,
                    {"run", "--from", folder.string(), "--index", std::to_string(index)},
                    run / "log.txt"});
  }
  const int at_once = options.jobs > 0 ? static_cast<int>(options.jobs) : usable_cores();
  run_local(
      program, jobs, at_once, stop_requested(), [&](const LocalEnd& end) { follower.ended(end); },
      [&] { follower.tick(); });
  write_summary(registry, folder, manifest);
  return follower.exit();
}

}  // namespace rnnlab
