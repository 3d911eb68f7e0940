#include "study/compared_runs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/config_file.hpp"
#include "study/manifest.hpp"
#include "study/run_metrics.hpp"
#include "study/status.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

/// A run that is somewhere, and what it is.
struct Found {
  Config config;
  fs::path folder;
};

/// No run that is read need have the id that this program would give it: older results compare too.
std::vector<Found> runs_in(const Registry& registry, const fs::path& folder) {
  std::vector<Found> found;
  if (fs::exists(folder / "manifest.json")) {
    for (const ManifestRun& run : read_manifest(folder).runs)
      found.push_back({resolve(registry, parse_settings(run.config, "manifest.json, " + run.id)),
                       run_folder(folder, run)});
    return found;
  }
  if (!fs::exists(folder / "config.ini"))
    throw Error(Exit::usage, "no run and no sweep", shown(folder.string()),
                "give a folder with a config.ini or a manifest.json");
  found.push_back({resolve(registry, read_settings(folder / "config.ini")), folder});
  return found;
}

/// A failed run has nothing to open, but it did not reach the target that its task has elsewhere.
void count_failed(std::vector<ComparedRun>& runs, const std::string& metric) {
  std::set<std::string> with_target;
  for (const ComparedRun& run : runs)
    if (run.passage) with_target.insert(run.config.task_name());
  for (ComparedRun& run : runs) {
    if (run.state != "failed" || !with_target.contains(run.config.task_name())) continue;
    run.passage = Passage{INFINITY, false};
    if (metric == "steps_to_target") run.value = INFINITY;
  }
}

[[noreturn]] void throw_unknown_metric(const std::string& metric, std::vector<std::string> known) {
  if (metric == "steps_to_target")
    throw Error(Exit::usage, "no run has a target and validations to see it reached", "--metric",
                "set train.target and train.eval_every, or choose one of " + join(known, ", "));
  for (const char* other : {"outcome", "steps_to_target", "gradients/hidden/slope"})
    known.emplace_back(other);
  throw Error(Exit::usage, "no completed run has the metric " + shown(metric), "--metric",
              "did you mean " + nearest(metric, known) + "? There is " + join(known, ", "));
}

}  // namespace

std::vector<ComparedRun> read_compared_runs(const Registry& registry,
                                            const std::vector<fs::path>& folders,
                                            const std::string& metric) {
  std::vector<ComparedRun> runs;
  std::map<std::string, fs::path> seen;
  std::vector<std::string> known;
  bool completed = false, any = false;
  for (const fs::path& folder : folders)
    for (Found& found : runs_in(registry, folder)) {
      const auto [before, is_new] = seen.emplace(found.config.id(), found.folder);
      if (!is_new)
        throw Error(Exit::usage, "the run " + found.config.id() + " occurs twice",
                    before->second.string() + " and " + found.folder.string(), "give it once");
      ComparedRun run{std::move(found.config), "pending", NAN};
      const auto status = read_status(found.folder);
      if (status) run.state = status->state;
      if (status && status->finished()) {
        const RunMetrics metrics(found.folder, run.config);
        run.state = metrics.outcome();
        run.value = metric == "outcome" ? run.state == "completed" : metrics.value(metric);
        run.passage = metrics.passage();
        run.criterion = metrics.criterion();
        if (run.state == "completed") {
          completed = true;
          known = metrics.summary_paths();
        }
        any |= !std::isnan(run.value);
      }
      runs.push_back(std::move(run));
    }
  if (runs.empty())
    throw Error(Exit::usage, "the sweep has no runs", shown(folders.front().string()),
                "give another folder");
  if (completed && !any) throw_unknown_metric(metric, known);
  count_failed(runs, metric);
  return runs;
}

}  // namespace rnnlab
