#pragma once

#include <vector>

#include "record/summary_file.hpp"
#include "study/summary.hpp"

namespace rnnlab {

/// What summary.h5 holds of every run: id, the axes, seed, state, steps, seconds, and the metrics
/// of summary.csv with dots for slashes. An axis is of whole numbers if all its values are, else of
/// numbers if all are (NaN for a run that does not have it), else of texts.
std::vector<RunColumn> summary_columns(const Registry&, const Manifest&,
                                       const std::vector<RunSummary>&);

}  // namespace rnnlab
