#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "study/manifest.hpp"
#include "study/status.hpp"

namespace rnnlab {

/// How far a sweep (every run of its manifest, in that order) or a single run has come. Made of
/// manifest.json and status.json alone: no run file is opened, so nothing that is being written is
/// disturbed, and ten thousand runs are answered at once.
struct StatusReport {
  std::filesystem::path folder;
  /// States are those of status.json and besides `lost` (the process is gone), `pending` (not
  /// begun, `steps` 0) and `unknown` (status.json is damaged).
  std::vector<Status> runs;
  /// Runs that differ in nothing but their seed are a group. What each group sets, as `key=value`
  /// words, in the order of the runs; and the group of each run.
  std::vector<std::string> groups = {};
  std::vector<std::size_t> group_of = {};
  bool is_sweep = false;  // else a single run, in `folder` itself

  /// Runs per state, states without a run left out.
  std::vector<std::pair<std::string, std::size_t>> counts() const;

  /// Until every run that is running, pending, lost or interrupted has ended, with as many at a
  /// time as are running now (one, if none is). A running run counts by its own estimate, any other
  /// as one run of mean duration. 0 if nothing is left; NaN while no duration is known.
  double eta_seconds() const;

  /// Share of the work that is done, 0 … 1: ended runs, and of running ones their share of steps.
  double share() const;

  /// Reads one status.json again.
  void refresh(std::size_t run);
  /// Those of all runs that are not finished.
  void refresh();
};

/// Throws Error: usage for a folder that holds neither a sweep nor a run; data for a damaged
/// manifest.
StatusReport status_report(const std::filesystem::path& folder);
/// Of a sweep whose manifest is known.
StatusReport status_report(const std::filesystem::path& folder, const Manifest&);

/// {"folder", "runs": [{"index", "id", "state", "step", "steps", "loss", "metric", "seconds",
/// "eta_seconds", "message", "pid", "host"}], "counts": {state: n}, "eta_seconds"}; what is not
/// known is null. A single run is a list of one.
std::string status_json(const StatusReport&);

}  // namespace rnnlab
