#include "study/status_report.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/json_number.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

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

double StatusReport::share() const {
  double done = 0;
  for (const Status& run : runs) {
    const bool known = run.state == "running" && run.steps > 0;
    if (run.finished()) done += 1;
    if (known) done += static_cast<double>(run.step) / static_cast<double>(run.steps);
  }
  return runs.empty() ? 1 : done / static_cast<double>(runs.size());
}

void StatusReport::refresh(std::size_t run) {
  const std::string id = runs[run].id;
  runs[run] = status_of(is_sweep ? folder / "runs" / id : folder, id);
  if (is_sweep) runs[run].id = id;
}

void StatusReport::refresh() {
  for (std::size_t run = 0; run < runs.size(); ++run)
    if (!runs[run].finished()) refresh(run);
}

StatusReport status_report(const fs::path& folder, const Manifest& manifest) {
  StatusReport report{.folder = folder, .runs = {}, .is_sweep = true};
  std::map<std::string, std::size_t> known;
  for (const ManifestRun& run : manifest.runs) {
    report.runs.push_back(status_of(run_folder(folder, run), run.id));
    report.runs.back().id = run.id;
    std::vector<std::string> words;
    for (const auto& [key, value] : run.overrides)
      if (key != "train.seed") words.push_back(key + "=" + value);
    const auto [place, is_new] = known.emplace(join(words, " "), report.groups.size());
    if (is_new) report.groups.push_back(place->first);
    report.group_of.push_back(place->second);
  }
  return report;
}

StatusReport status_report(const fs::path& folder) {
  if (fs::exists(folder / "manifest.json")) return status_report(folder, read_manifest(folder));
  if (!fs::exists(folder / "status.json") && !fs::exists(folder / "config.ini"))
    throw Error(Exit::usage, "no run and no sweep", shown(folder.string()),
                "give a folder with a status.json or a manifest.json");
  const fs::path name = fs::absolute(folder).lexically_normal();
  const fs::path last = (name.has_filename() ? name : name.parent_path()).filename();
  StatusReport report{.folder = folder, .runs = {status_of(folder, last.string())}};
  report.groups = {""};
  report.group_of = {0};
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
