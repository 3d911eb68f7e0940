#include "cli/live_view.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

struct Group {
  std::size_t runs = 0, done = 0, running = 0, failed = 0, measured = 0;
  double sum = 0;

  /// The higher, the more there is to see.
  int interest() const { return running > 0 ? 2 : done > 0 && done < runs ? 1 : 0; }
  std::vector<std::string> cells() const {
    const auto number = [](std::size_t n) { return n == 0 ? "-" : std::to_string(n); };
    return {std::to_string(done) + "/" + std::to_string(runs), number(running), number(failed),
            measured == 0 ? "-" : format_short(sum / static_cast<double>(measured))};
  }
};

std::vector<Group> groups_of(const StatusReport& report) {
  std::vector<Group> groups(report.groups.size());
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    const Status& run = report.runs[i];
    Group& group = groups[report.group_of[i]];
    ++group.runs;
    group.done += run.finished();
    group.running += run.state == "running";
    group.failed += run.state == "failed";
    if (run.state != "completed" || !std::isfinite(run.metric)) continue;
    group.sum += run.metric;
    ++group.measured;
  }
  return groups;
}

std::vector<std::string> table(const StatusReport& report, std::size_t lines) {
  if (!report.is_sweep || lines < 3) return {};
  const std::vector<Group> groups = groups_of(report);
  std::vector<std::size_t> shown(groups.size());
  std::iota(shown.begin(), shown.end(), 0);
  const bool all = groups.size() + 1 <= lines;
  if (!all) {
    std::stable_sort(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) {
      return groups[a].interest() > groups[b].interest();
    });
    shown.resize(lines - 2);
    std::sort(shown.begin(), shown.end());
  }
  std::vector<std::vector<std::string>> rows{{"done", "running", "failed", "mean metric", "of"}};
  for (const std::size_t i : shown) {
    rows.push_back(groups[i].cells());
    rows.back().push_back(report.groups[i].empty() ? "all" : report.groups[i]);
  }
  std::vector<std::string> result = split(aligned(rows), '\n');
  result.resize(rows.size());
  if (!all) result.push_back("… " + std::to_string(groups.size() - shown.size()) + " more");
  return result;
}

}  // namespace

std::string summary_text(const StatusReport& report) {
  const double eta = report.eta_seconds();
  const std::string left = eta == 0 ? "" : ", " + duration(eta) + " left";
  if (!report.is_sweep) {
    const Status& run = report.runs.front();
    return "step " + std::to_string(run.step) + "/" + std::to_string(run.steps) + ", loss " +
           number_or_dash(run.loss) + ", metric " + number_or_dash(run.metric) + left;
  }
  std::size_t done = 0;
  std::string diverged, others;
  for (const auto& [state, n] : report.counts()) {
    if (state == "completed" || state == "diverged") done += n;
    if (state == "diverged") diverged = " (" + std::to_string(n) + " diverged)";
    if (state != "completed" && state != "diverged" && state != "pending")
      others += ", " + std::to_string(n) + " " + state;
  }
  return std::to_string(done) + " of " + std::to_string(report.runs.size()) + " runs done" +
         diverged + others + left;
}

void show(ProgressLine& line, const StatusReport& report) {
  line.update(report.share(), summary_text(report), table(report, line.table_lines()));
}

}  // namespace rnnlab
