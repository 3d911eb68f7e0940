#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/manifest.hpp"
#include "study/status.hpp"
#include "study/yardstick.hpp"

namespace rnnlab {

/// One run of a sweep, as far as it has come.
struct RunSummary {
  struct Metric {
    std::string path;
    double value;
    std::string units;
  };

  std::size_t index = 0;
  std::string id;
  Settings overrides;
  std::string seed = {};
  std::string state = {};  // of status.json; `missing` if the run was never begun
  std::int64_t steps = 0;
  double seconds = 0;
  std::vector<Metric> metrics = {};  // RunMetrics::summary_paths()
  Yardstick yardstick = {};          // of one with metrics

  /// What the run was set apart by; empty where it was not.
  std::string axis(const std::string& key) const;
  /// NaN where the run has no such number.
  double metric(const std::string& path) const;
};

/// Every run of the manifest, half-finished ones without metrics.
std::vector<RunSummary> summarise(const Registry&, const std::filesystem::path& sweep_folder,
                                  const Manifest&);

/// The keys in which the runs were set apart, but the seed.
std::vector<std::string> axes_of(const std::vector<RunSummary>&);

/// Writes summary.csv: one row per run in the manifest's order; index, id, the axes, seed, state,
/// steps, seconds, one column per metric, empty where a run has none. And summary.h5
/// (record/run_file.md): the same with a number where a whole axis is one, and every curve of
/// metrics/train and metrics/valid. Throws Error(write).
void write_summary(const Registry&, const std::filesystem::path& sweep_folder, const Manifest&);

/// Tables of a sweep for people: one row per setting of the axes but the seed, with the number of
/// runs, the median, least and greatest test metric, and the chance level of the task beneath.
std::string group_table(const Registry&, const std::filesystem::path& sweep_folder,
                        const Manifest&);

}  // namespace rnnlab
