#include "study/status_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "study/manifest.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Status status_of(const fs::path& folder, const std::string& id) {
  if (auto status = read_status(folder)) {
    if (status->id.empty()) status->id = id;
    return *status;
  }
  return {.state = "pending", .id = id, .seconds = NAN};
}

Json to_json(std::size_t index, const Status& status) {
  return {{"index", index},
          {"id", status.id},
          {"state", status.state},
          {"step", status.step},
          {"steps", status.steps > 0 ? Json(status.steps) : Json(nullptr)},
          {"loss", number(status.loss)},
          {"metric", number(status.metric)},
          {"seconds", number(status.seconds)},
          {"eta_seconds", number(status.eta_seconds)},
          {"message", status.message},
          {"pid", status.pid > 0 ? Json(status.pid) : Json(nullptr)},
          {"host", status.host}};
}

}  // namespace

std::vector<std::pair<std::string, std::size_t>> StatusReport::counts() const {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const char* state : {"completed", "diverged", "running", "interrupted", "lost", "failed",
                            "pending", "unknown"}) {
    const auto n = std::count_if(runs.begin(), runs.end(),
                                 [&](const Status& run) { return run.state == state; });
    if (n > 0) counts.emplace_back(state, static_cast<std::size_t>(n));
  }
  return counts;
}

double StatusReport::eta_seconds() const {
  double seconds = 0, known = 0, estimated = 0;
  std::size_t running = 0, whole = 0;
  for (const Status& run : runs) {
    double duration = run.state == "completed" ? run.seconds : NAN;
    if (run.state == "running") {
      ++running;
      duration = run.seconds + run.eta_seconds;
      if (std::isfinite(run.eta_seconds)) estimated += run.eta_seconds;
      whole += !std::isfinite(run.eta_seconds);
    }
    whole += run.state == "pending" || run.state == "lost" || run.state == "interrupted";
    if (!std::isfinite(duration)) continue;
    seconds += duration;
    known += 1;
  }
  const double rest = whole == 0 ? 0 : static_cast<double>(whole) * seconds / known;
  return (estimated + rest) / static_cast<double>(std::max<std::size_t>(running, 1));
}

StatusReport status_report(const fs::path& folder) {
  StatusReport report{folder, {}};
  if (fs::exists(folder / "manifest.json")) {
    for (const ManifestRun& run : read_manifest(folder).runs)
      report.runs.push_back(status_of(run_folder(folder, run), run.id));
    return report;
  }
  if (!fs::exists(folder / "status.json") && !fs::exists(folder / "config.ini"))
    throw Error(Exit::usage, "no run and no sweep", shown(folder.string()),
                "give a folder with a status.json or a manifest.json");
  const fs::path name = fs::absolute(folder).lexically_normal();
  report.runs.push_back(
      status_of(folder, (name.has_filename() ? name : name.parent_path()).filename().string()));
  return report;
}

std::string status_json(const StatusReport& report) {
  Json runs = Json::array(), counts = Json::object();
  for (std::size_t i = 0; i < report.runs.size(); ++i) runs.push_back(to_json(i, report.runs[i]));
  for (const auto& [state, n] : report.counts()) counts[state] = n;
  const Json json{{"folder", report.folder.string()},
                  {"runs", runs},
                  {"counts", counts},
                  {"eta_seconds", number(report.eta_seconds())}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rnnlab
