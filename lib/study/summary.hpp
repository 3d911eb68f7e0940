#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/manifest.hpp"
#include "study/status.hpp"

namespace rnnlab {

/// One run of a sweep, as far as it has come.
struct RunSummary {
  std::size_t index = 0;
  std::string id;
  Settings overrides;
  std::string seed = {};
  std::string state = {};  // of status.json; `missing` if the run was never begun
  std::int64_t steps = 0;
  double seconds = 0;
  std::vector<std::pair<std::string, double>> metrics = {};  // RunMetrics::summary_paths()

  /// NaN where the run has no such number.
  double metric(const std::string& path) const;
};

/// Every run of the manifest, half-finished ones without metrics.
std::vector<RunSummary> summarise(const Registry&, const std::filesystem::path& sweep_folder,
                                  const Manifest&);

/// Writes summary.csv: one row per run in the manifest's order; index, id, the axes, seed, state,
/// steps, seconds, one column per metric, empty where a run has none. Throws Error(write).
void write_summary(const Registry&, const std::filesystem::path& sweep_folder, const Manifest&);

/// Tables of a sweep for people: one row per setting of the axes but the seed, with the number of
/// runs, the median, least and greatest test metric, and the chance level of the task beneath.
std::string group_table(const Registry&, const std::filesystem::path& sweep_folder,
                        const Manifest&);

}  // namespace rnnlab
