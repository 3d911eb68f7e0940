#include "study/run_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.hpp"
#include "study/run_digest.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double least_squares_slope(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, mean_x = 0, mean_y = 0, sum_xx = 0, sum_xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    n += 1;
    const double dx = x[i] - mean_x;
    mean_x += dx / n;
    mean_y += (y[i] - mean_y) / n;
    sum_xx += dx * (x[i] - mean_x);
    sum_xy += dx * (y[i] - mean_y);
  }
  return sum_xx > 0 ? sum_xy / sum_xx : nan;
}

namespace {

const std::filesystem::path& checked(const std::filesystem::path& run_folder) {
  check_run_file(run_folder);
  return run_folder;
}

Yardstick kept_yardstick(const RunReader& reader, const std::filesystem::path& run_folder,
                         const Config& config) {
  for (const auto& [name, value] : reader.attributes())
    if (const auto* text = std::get_if<std::string>(&value); text && name == "yardstick")
      return parse_yardstick(*text, shown((run_folder / "run.h5").string()));
  return yardstick_of(config, *config.make_task());  // of a run that kept none
}

}  // namespace

RunMetrics::RunMetrics(const std::filesystem::path& run_folder, const Config& config)
    : reader_((checked(run_folder) / "run.h5").string()),
      datasets_(reader_.datasets()),
      yardstick_(kept_yardstick(reader_, run_folder, config)) {
  const double target = config.train().target;
  target_ = target != 0 ? target : yardstick_.solved;
  own_target_ = target != 0;
}

bool RunMetrics::has(const std::string& dataset) const {
  return std::binary_search(datasets_.begin(), datasets_.end(), dataset);
}

double RunMetrics::value(const std::string& path) const {
  if (path == "steps_to_target") {
    const auto passed = passage();
    return !passed ? nan : passed->reached ? passed->step : infinity;
  }
  if (const auto traced = slope_of(path)) return *traced;
  if (const auto steps = plateau_path(path)) return *steps;
  if (path.ends_with("@best")) return at_best(path.substr(0, path.size() - 5));
  if (path.ends_with("@over-first")) return over_first(path.substr(0, path.size() - 11));
  if (const std::size_t at = path.rfind("@last"); at != std::string::npos)
    if (const auto rows = parse_int(path.substr(at + 5)); rows && *rows > 0)
      return last_mean(path.substr(0, at), *rows);
  const std::string dataset = dataset_of(path);
  if (!has(dataset)) return nan;
  const std::vector<double> rows = reader_.column(dataset);
  return rows.empty() ? nan : rows.back();
}

std::vector<std::string> RunMetrics::summary_paths() const {
  std::vector<std::string> paths{"train/loss"};
  for (const std::string split : {"valid", "test"})
    for (const std::string& dataset : datasets_) {
      const std::string prefix = "metrics/" + split + "/";
      const std::string name = dataset.starts_with(prefix) ? dataset.substr(prefix.size()) : "";
      if (name.empty() || name == "step" || name == "seconds") continue;
      paths.push_back(split + "/" + name);
    }
  return paths;
}

std::optional<std::size_t> RunMetrics::best_row() const {
  const std::string dataset = "metrics/valid/" + yardstick_.metric;
  if (!has(dataset)) return std::nullopt;
  const std::vector<double> metric = reader_.column(dataset);
  std::optional<std::size_t> best;
  for (std::size_t row = 0; row < metric.size(); ++row) {
    if (!std::isfinite(metric[row])) continue;
    const double sign = yardstick_.lower_is_better ? 1 : -1;
    if (!best || sign * metric[row] < sign * metric[*best]) best = row;
  }
  return best;
}

double RunMetrics::at_best(const std::string& metric) const {
  const auto best = best_row();
  const std::string dataset = "metrics/" + metric;
  if (!best || !has(dataset)) return nan;
  const double best_step = reader_.column("metrics/valid/step").at(*best);
  const std::string steps = dataset.substr(0, dataset.rfind('/')) + "/step";
  const std::vector<double> step = reader_.column(steps), values = reader_.column(dataset);
  // `test` has one row, of the parameters that were chosen by then.
  double value = values.empty() ? nan : values.front();
  for (std::size_t row = 0; row < std::min(step.size(), values.size()); ++row)
    if (step[row] <= best_step) value = values[row];
  return value;
}

double RunMetrics::over_first(const std::string& metric) const {
  if (!has("metrics/" + metric)) return nan;
  const std::vector<double> values = reader_.column("metrics/" + metric);
  return values.empty() ? nan : values.back() / values.front();
}

double RunMetrics::last_mean(const std::string& metric, std::int64_t rows) const {
  if (!has(dataset_of(metric))) return nan;
  const std::vector<double> values = reader_.column(dataset_of(metric));
  const auto n = std::min(rows, static_cast<std::int64_t>(values.size()));
  if (n == 0) return nan;
  return std::accumulate(values.end() - n, values.end(), 0.0) / static_cast<double>(n);
}

double RunMetrics::steps_at(std::size_t place, double share) const {
  if (place >= yardstick_.plateaus.size() || !has("metrics/valid/loss")) return nan;
  return steps_near(yardstick_.plateaus[place].loss, share, reader_.column("metrics/valid/step"),
                    reader_.column("metrics/valid/loss"));
}

std::optional<double> RunMetrics::plateau_path(const std::string& path) const {
  const std::string begin = "plateau/", end = "/steps";
  const std::size_t at = std::min(path.find('@'), path.size());
  const std::string name = path.substr(0, at);
  if (!name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
  const auto place = parse_int(name.substr(begin.size(), name.size() - end.size() - begin.size()));
  const auto share = at < path.size() ? parse_double(path.substr(at + 1)) : yardstick_.valid_share;
  if (!place || *place < 1 || !share) return nan;
  return steps_at(static_cast<std::size_t>(*place) - 1, *share);
}

std::optional<PlateauVisits> RunMetrics::plateaus() const {
  if (yardstick_.solved == 0) return std::nullopt;
  PlateauVisits run{.visits = {}, .diverged = outcome() == "diverged"};
  for (std::size_t i = 0; i < yardstick_.plateaus.size(); ++i)
    run.visits.push_back({yardstick_.plateaus[i], steps_at(i, yardstick_.valid_share)});
  const double metric = value("test/" + yardstick_.metric);
  run.solved =
      yardstick_.lower_is_better ? metric <= yardstick_.solved : metric >= yardstick_.solved;
  if (own_target_)
    if (const auto passed = passage()) run.solved |= passed->reached;
  run.at = nearest_plateau(yardstick_.plateaus, value("test/loss"), yardstick_.test_share);
  return run;
}

std::optional<Passage> RunMetrics::passage() const {
  const std::string dataset = "metrics/valid/" + yardstick_.metric;
  if (target_ == 0 || !has(dataset)) return std::nullopt;
  if (outcome() == "diverged") return Passage{infinity, false};
  const std::vector<double> step = reader_.column("metrics/valid/step");
  const std::vector<double> metric = reader_.column(dataset);
  const std::size_t rows = std::min(step.size(), metric.size());
  for (std::size_t row = 0; row < rows; ++row)
    if (yardstick_.lower_is_better ? metric[row] <= target_ : metric[row] >= target_)
      return Passage{step[row], true};
  if (rows == 0) return std::nullopt;
  return Passage{step[rows - 1], false};
}

std::string RunMetrics::criterion() const {
  if (target_ == 0) return "";
  return "valid/" + yardstick_.metric + (yardstick_.lower_is_better ? " <= " : " >= ") +
         format_double(target_);
}

std::optional<double> RunMetrics::slope_of(const std::string& path) const {
  for (const std::string signal : {"hidden", "cell", "last"}) {
    const std::string name = "gradients/" + signal + "/slope";
    if (path == name) return slope(signal, false);
    if (path == name + "@last") return slope(signal, true);
  }
  return std::nullopt;
}

double RunMetrics::slope(const std::string& signal, bool last_row) const {
  const std::string group = "gradients/" + signal + "/layers.0.forward";
  if (!has(group + "/log_norm")) return nan;
  const bool by_lag = signal == "last";
  const Values log_norm = reader_.values(group + "/log_norm");
  const std::vector<double> axis = reader_.values(group + (by_lag ? "/lag" : "/time")).values;
  const std::size_t T = axis.size();
  if (log_norm.shape.at(0) == 0 || T == 0) return nan;
  const std::size_t row = last_row ? static_cast<std::size_t>(log_norm.shape[0]) - 1 : 0;
  const double longest = static_cast<double>(T);
  std::vector<double> x, y;
  for (std::size_t i = 0; i < T; ++i) {
    const double t = by_lag ? longest - axis[i] : axis[i];
    if (t < 10 || t > longest - 10) continue;
    x.push_back(longest - t);
    y.push_back(log_norm.values[row * T + i]);
  }
  return least_squares_slope(x, y);
}

}  // namespace rnnlab
