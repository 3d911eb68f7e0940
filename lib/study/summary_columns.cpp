#include "study/summary_columns.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <type_traits>

#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

decltype(RunColumn::values) typed(const std::vector<std::string>& texts) {
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;
  for (const std::string& text : texts) {
    if (const auto integer = parse_int(text)) integers.push_back(*integer);
    const auto number = text.empty() ? std::optional(nan) : parse_double(text);
    if (number) numbers.push_back(*number);
  }
  if (integers.size() == texts.size()) return integers;
  if (numbers.size() == texts.size()) return numbers;
  return texts;
}

RunColumn axis_column(const Registry& registry, const Manifest& manifest,
                      const std::vector<RunSummary>& runs, const std::string& axis) {
  RunColumn column{axis, "1", axis, {}};
  std::vector<std::string> texts;
  for (const RunSummary& run : runs) texts.push_back(run.axis(axis));
  column.values = typed(texts);
  const auto first = std::find_if(texts.begin(), texts.end(), [](auto& t) { return !t.empty(); });
  if (first == texts.end()) return column;
  const auto index = static_cast<std::size_t>(first - texts.begin());
  const Config config = frozen_config(registry, manifest.runs[index]);
  for (const Config::Entry& entry : config.entries()) {
    if (entry.spec.key != axis) continue;
    column.long_name = entry.spec.info.help;
    if (!entry.spec.info.unit.empty()) column.units = entry.spec.info.unit;
  }
  return column;
}

}  // namespace

std::vector<RunColumn> summary_columns(const Registry& registry, const Manifest& manifest,
                                       const std::vector<RunSummary>& runs) {
  const auto each = [&](auto&& of) {
    std::vector<std::decay_t<decltype(of(runs[0]))>> values;
    for (const RunSummary& run : runs) values.push_back(of(run));
    return values;
  };
  std::vector<RunColumn> columns{
      {"id", "1", "name of the run and of its folder", each([](auto& run) { return run.id; })}};
  for (const std::string& axis : axes_of(runs))
    columns.push_back(axis_column(registry, manifest, runs, axis));
  columns.push_back({"seed", "1", "train.seed", typed(each([](auto& run) { return run.seed; }))});
  columns.push_back(
      {"state", "1", "how far the run has come", each([](auto& run) { return run.state; })});
  columns.push_back({"steps", "steps", "steps done", each([](auto& run) { return run.steps; })});
  columns.push_back(
      {"seconds", "s", "wall time of the run", each([](auto& run) { return run.seconds; })});
  std::set<std::string> known;
  for (const RunSummary& one : runs)
    for (const RunSummary::Metric& metric : one.metrics) {
      if (!known.insert(metric.path).second) continue;
      std::string name = metric.path;  // a slash would be a group, a dot is of a key
      std::replace(name.begin(), name.end(), '/', '_');
      columns.push_back({name, metric.units, "last row of metrics/" + metric.path,
                         each([&](auto& run) { return run.metric(metric.path); })});
    }
  return columns;
}

}  // namespace rnnlab
