#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/config.hpp"

namespace rnnlab {

/// A run as a comparison sees it.
struct ComparedRun {
  Config config;
  std::string state;  // of status.json; `pending` if it was never begun
  double value;       // of the metric; NaN: it has none, or has not ended
};

/// The runs of folders that each hold a sweep (its manifest's runs, in that order) or one run, with
/// one metric (grammar: study/run_metrics.hpp; besides `outcome`, 1 for completed and 0 for
/// diverged). Only runs that have ended are opened.
///
/// Throws Error(usage) for a folder with neither, for no run at all, for a run that occurs twice,
/// and for a metric that no completed run has, naming the nearest; Error(data) for a run file that
/// cannot be read.
std::vector<ComparedRun> read_compared_runs(const Registry&,
                                            const std::vector<std::filesystem::path>& folders,
                                            const std::string& metric);

}  // namespace rnnlab
