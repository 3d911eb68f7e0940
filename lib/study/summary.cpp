#include "study/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/summary_file.hpp"
#include "study/run_metrics.hpp"
#include "study/statistics.hpp"
#include "study/summary_columns.hpp"
#include "study/table.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void append_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void write_csv(const std::filesystem::path& sweep_folder, const std::vector<RunSummary>& runs,
               const std::vector<std::string>& axes) {
  std::vector<std::string> paths;
  for (const RunSummary& run : runs)
    for (const RunSummary::Metric& metric : run.metrics) append_new(paths, metric.path);
  std::vector<std::vector<std::string>> rows{{"index", "id"}};
  rows[0].insert(rows[0].end(), axes.begin(), axes.end());
  for (const char* column : {"train.seed", "state", "steps", "seconds"}) rows[0].push_back(column);
  rows[0].insert(rows[0].end(), paths.begin(), paths.end());
  for (const RunSummary& run : runs) {
    std::vector<std::string> row{std::to_string(run.index), run.id};
    for (const std::string& axis : axes) row.push_back(run.axis(axis));
    row.insert(row.end(), {run.seed, run.state, std::to_string(run.steps)});
    row.push_back(std::isfinite(run.seconds) ? format_double(run.seconds) : "");
    for (const std::string& path : paths) {
      const double value = run.metric(path);
      row.push_back(std::isnan(value) ? "" : format_double(value));
    }
    rows.push_back(std::move(row));
  }
  replace_text(sweep_folder / "summary.csv", csv(rows));
}

}  // namespace

std::string RunSummary::axis(const std::string& key) const {
  for (const auto& [name, value] : overrides)
    if (name == key) return value;
  return "";
}

double RunSummary::metric(const std::string& path) const {
  for (const Metric& metric : metrics)
    if (metric.path == path) return metric.value;
  return nan;
}

std::vector<std::string> axes_of(const std::vector<RunSummary>& runs) {
  std::vector<std::string> axes;
  for (const RunSummary& run : runs)
    for (const auto& [key, value] : run.overrides)
      if (key != "train.seed") append_new(axes, key);
  return axes;
}

std::vector<RunSummary> summarise(const Registry& registry,
                                  const std::filesystem::path& sweep_folder,
                                  const Manifest& manifest) {
  std::vector<RunSummary> runs;
  for (std::size_t index = 0; index < manifest.runs.size(); ++index) {
    const ManifestRun& frozen = manifest.runs[index];
    const std::filesystem::path folder = run_folder(sweep_folder, frozen);
    const Config config = frozen_config(registry, frozen);
    RunSummary run{.index = index, .id = frozen.id, .overrides = frozen.overrides};
    run.seed = config.value("train.seed");
    const auto status = read_status(folder);
    run.state = status ? status->state : "missing";
    run.steps = status ? status->step : 0;
    run.seconds = status ? status->seconds : nan;
    if (status && status->finished()) try {
        const RunMetrics metrics(folder, config);
        run.yardstick = metrics.yardstick();
        for (const std::string& path : metrics.summary_paths())
          run.metrics.push_back({path, metrics.value(path), metrics.units(path)});
      } catch (const Error& error) {
        if (error.code() != Exit::data) throw;
        run.state = "damaged";
        run.metrics.clear();
      }
    runs.push_back(std::move(run));
  }
  return runs;
}

void write_summary(const Registry& registry, const std::filesystem::path& sweep_folder,
                   const Manifest& manifest) {
  const std::vector<RunSummary> runs = summarise(registry, sweep_folder, manifest);
  const std::vector<std::string> axes = axes_of(runs);
  write_csv(sweep_folder, runs, axes);
  std::vector<std::string> files;
  for (const ManifestRun& run : manifest.runs)
    files.push_back((run_folder(sweep_folder, run) / "run.h5").string());
  write_summary_file((sweep_folder / "summary.h5").string(),
                     summary_columns(registry, manifest, runs), {"metrics/train", "metrics/valid"},
                     files);
}

std::string group_table(const Registry& registry, const std::filesystem::path& sweep_folder,
                        const Manifest& manifest) {
  struct Group {
    std::string metric = "-";  // of runs that have ended
    std::vector<std::string> cells = {};
    std::vector<double> values = {};
    std::size_t runs = 0;
  };
  const std::vector<RunSummary> runs = summarise(registry, sweep_folder, manifest);
  const std::vector<std::string> axes = axes_of(runs);
  std::vector<std::string> chance;
  std::vector<Group> groups;
  std::map<std::string, std::size_t> group_of;
  for (const RunSummary& run : runs) {
    const Config config = frozen_config(registry, manifest.runs[run.index]);
    const auto [place, is_new] = group_of.emplace(config.hash(), groups.size());
    if (is_new) {
      groups.emplace_back();
      for (const std::string& axis : axes) groups.back().cells.push_back(run.axis(axis));
    }
    Group& group = groups[place->second];
    ++group.runs;
    if (run.metrics.empty()) continue;
    group.metric = "test/" + run.yardstick.metric;
    append_new(chance, config.task_name() + ": " + run.yardstick.reference);
    const double value = run.metric(group.metric);
    if (std::isfinite(value)) group.values.push_back(value);
  }
  std::vector<std::vector<std::string>> rows{axes};
  for (const char* column : {"metric", "median", "min", "max", "n"}) rows[0].push_back(column);
  for (const Group& group : groups) {
    std::vector<std::string> row = group.cells;
    row.push_back(group.metric);
    for (const Reduce reduce : {Reduce::median, Reduce::min, Reduce::max})
      row.push_back(group.values.empty() ? "-" : format_short(reduced(reduce, group.values)));
    row.push_back(std::to_string(group.values.size()) + " of " + std::to_string(group.runs));
    rows.push_back(std::move(row));
  }
  return aligned(rows) + "\n" + join(chance, "\n") + "\n";
}

}  // namespace rnnlab
