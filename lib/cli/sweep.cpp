#include "study/sweep.hpp"

#include <iostream>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "study/assign.hpp"
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

Exit sweep(const Invocation& invocation) {
  std::vector<Setting> grid_settings;
  const std::vector<Setting> settings = all_settings(invocation);
  for (const Setting& setting : settings)
    if (!setting.key.starts_with("sweep.")) grid_settings.push_back(setting);
  SweepOptions options;
  assign_section("sweep", settings, [&](OptionVisitor& v) { options.describe(v); });
  const std::vector<GridPoint> points = expand(invocation.registry, grid_settings);
  if (invocation.arguments.has("dry-run")) {
    print_grid(points);
    return Exit::done;
  }
  if (options.dir.empty())
    throw Error(Exit::usage, "no folder for the sweep", "sweep.dir", "add --sweep.dir DIR");
  catch_stop_signals();
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
  watcher.ended = [&](const ManifestRun& run, const Status& status, const SweepProgress& progress) {
    line.line("[" + std::to_string(progress.ended) + "/" + std::to_string(progress.runs) + "] " +
              run.id + " " + status.state + (status.message.empty() ? "" : ": " + status.message) +
              ", " + duration(status.seconds));
  };
  watcher.progress = [&](const SweepProgress& progress) {
    line.update(progress.done / static_cast<double>(progress.runs),
                std::to_string(progress.ended) + " of " + std::to_string(progress.runs) +
                    " runs, " + duration(progress.eta_seconds) + " left");
  };
  return run_sweep(invocation.registry, folder, invocation.program, options, watcher);
}

Verb sweep_verb() {
  return {"sweep",
          "CONFIG.ini … --sweep.dir DIR [--section.key VALUES …]",
          "a grid of runs, a process each",
          "Keys of model, task, train and record become axes:\n"
          "  model.hidden = 32, 64           each in turn; \\, is a comma\n"
          "  train.seed = 0..4               integers, both ends included\n"
          "  train.lr = log(1e-4, 1e-2, 5)   five values evenly spaced in the logarithm; lin(a, b, "
          "n) too\n"
          "  model.hidden = zip(32, 64)      moves together with every other zip(…)\n"
          "  train.lr = log(1e-4, 1e-2, random(20))   twenty draws; all random axes move together\n"
          "The grid is frozen in DIR/manifest.json and then run; runs that are finished are not "
          "run again.\n"
          "Ends with summary.csv and summary.h5, which has all curves too.\n\n"
          "Example\n"
          "  rnnlab sweep --model.name vanilla,lstm,gru --train.seed 0..2 --train.steps 500 "
          "--sweep.dir /tmp/grid\n",
          {{"dry-run", "", "print the grid and stop"}},
          {"model", "task", "train", "run", "record", "sweep"},
          sweep};
}

}  // namespace rnnlab
