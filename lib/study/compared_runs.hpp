#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/config.hpp"
#include "study/kaplan_meier.hpp"

namespace rnnlab {

/// A run as a comparison sees it.
struct ComparedRun {
  Config config;
  std::string state;  // of status.json; `pending` if it was never begun
  double value;       // of the metric; NaN: it has none, or has not ended
  /// Its way to the target: nothing without a bar, and of a run that has not ended. A run that
  /// diverged or failed never gets there.
  std::optional<Passage> passage = {};
  std::string criterion = {};  // RunMetrics::criterion(), of a run that was opened
};

/// The runs of folders that each hold a sweep (its manifest's runs, in that order) or one run, with
/// one metric (grammar: study/run_metrics.hpp; besides `outcome`, 1 for completed and 0 for
/// diverged). Only runs that completed or diverged are opened; a failed one has no value but of
/// `steps_to_target`, which is infinite.
///
/// Throws Error(usage) for a folder with neither, for no run at all, for a run that occurs twice,
/// and for a metric that no completed run has, naming the nearest; Error(data) for a run file that
/// cannot be read.
std::vector<ComparedRun> read_compared_runs(const Registry&,
                                            const std::vector<std::filesystem::path>& folders,
                                            const std::string& metric);

}  // namespace rnnlab
