#include "study/sweep.hpp"

#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "cli/live_view.hpp"
#include "cli/verb.hpp"
#include "study/assign.hpp"
#include "study/estimate.hpp"
#include "study/freeze.hpp"
#include "study/grid.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

void print_grid(const std::vector<GridPoint>& points) {
  std::vector<std::vector<std::string>> rows{{"index", "id", "sets"}};
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<std::string> sets;
    for (const auto& [key, value] : points[i].overrides) sets.push_back(key + "=" + value);
    rows.push_back({std::to_string(i), points[i].config.id(), join(sets, " ")});
  }
  std::cout << aligned(rows) << points.size() << " runs\n";
}

void print_estimate(const std::vector<GridPoint>& points, const SweepOptions& options) {
  constexpr double budget = 2;  // seconds
  const SweepEstimate known = estimate(points, budget, stop_requested());
  const int at_once = options.at_once();
  const auto threads = static_cast<int>(points.front().config.run().threads);
  for (const std::string& refused : known.refused)
    std::cout << "cannot be run: " << refused << "\n";
  std::cout << "about " << duration(known.seconds(at_once, threads, usable_cores())) << " with "
            << at_once << (at_once == 1 ? " run" : " runs") << " at a time, if none ends early ("
            << known.timed << " of " << known.settings << " settings timed by training steps for "
            << duration(known.spent_seconds) << ", the others scaled by their size; files and "
            << "instruments not counted)\n";
}

Exit sweep(const Invocation& invocation) {
  catch_stop_signals();  // before any data are read
  std::vector<Setting> grid_settings;
  const std::vector<Setting> settings = all_settings(invocation);
  for (const Setting& setting : settings)
    if (!setting.key.starts_with("sweep.")) grid_settings.push_back(setting);
  SweepOptions options;
  assign_section("sweep", settings, [&](OptionVisitor& v) { options.describe(v); });
  const std::vector<GridPoint> points = expand(invocation.registry, grid_settings);
  if (invocation.arguments.has("dry-run")) {
    print_grid(points);
    print_estimate(points, options);
    return stop_requested() ? Exit::interrupted : Exit::done;
  }
  if (options.dir.empty())
    throw Error(Exit::usage, "no folder for the sweep", "sweep.dir", "add --sweep.dir DIR");
  const Manifest manifest = freeze(options.dir, make_manifest(points), false);
  const Exit exit = run_frozen_sweep(invocation, options.dir, options);
  std::cout << group_table(invocation.registry, options.dir, manifest) << options.dir << "\n";
  return exit;
}

}  // namespace

Exit run_frozen_sweep(const Invocation& invocation, const std::filesystem::path& folder,
                      const SweepOptions& options) {
  ProgressLine line(invocation.quiet);
  SweepWatcher watcher;
  watcher.ended = [&](const Status& run, const StatusReport& report) {
    const auto done = std::count_if(report.runs.begin(), report.runs.end(),
                                    [](const Status& r) { return r.finished(); });
    line.line("[" + std::to_string(done) + "/" + std::to_string(report.runs.size()) + "] " +
              run.id + " " + run.state + (run.message.empty() ? "" : ": " + run.message) + ", " +
              duration(run.seconds));
  };
  watcher.progress = [&](const StatusReport& report) { show(line, report); };
  return run_sweep(invocation.registry, folder, invocation.program, options,
                   invocation.arguments.has("force"), watcher);
}

Verb sweep_verb() {
  return {"sweep",
          "CONFIG.ini … --sweep.dir DIR [--section.key VALUES …]",
          "a grid of runs, a process each",
          "Keys of model, task, train and record become axes:\n"
          "  model.hidden = 32, 64           each in turn; \\, is a comma, \\( a bracket\n"
          "  train.seed = 0..4               integers, both ends included\n"
          "  train.lr = log(1e-4, 1e-2, 5)   five values evenly spaced in the logarithm; lin(a, b, "
          "n) too\n"
          "  model.hidden = zip(32, 64)      moves together with every other zip(…)\n"
          "  train.lr = log(1e-4, 1e-2, random(20))   twenty draws; all random axes move together\n"
          "The grid is frozen in DIR/manifest.json and then run; runs that are finished are not "
          "run again.\n"
          "Ends with summary.csv and summary.h5, which has all curves too. --dry-run prints the\n"
          "grid and how long it would take, by taking a few training steps of some settings; it\n"
          "writes nothing.\n\n"
          "Example\n"
          "  rnnlab sweep --model.name vanilla,lstm,gru --train.seed 0..2 --train.steps 500 "
          "--sweep.dir results/grid\n",
          {{"dry-run", "", "print the grid and an estimate of the time, and stop"},
           {"force", "", "go on with what another build began, and record that"}},
          {"model", "task", "train", "run", "record", "sweep"},
          sweep};
}

}  // namespace rnnlab
