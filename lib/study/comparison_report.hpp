#pragma once

#include <string>

#include "study/compare.hpp"

namespace rnnlab {

/// For people: a line that says the metric and the kind of interval, one row per group, the notes.
std::string comparison_table(const Comparison&);

/// The keys, n, mean, ci_low, ci_high, median, min, max, failures, diverged, failed, pending,
/// difference, difference_low, difference_high, pairs, metric, ci_kind; full precision, empty where
/// there is no number.
std::string comparison_csv(const Comparison&);

/// {"metric", "ci_kind", "difference_ci_kind", "by", "rows": [{"group": {key: value}, "n", "seeds",
/// "mean", "ci", "median", "min", "max", "infinite", "failures", "diverged", "failed", "pending",
/// "difference": {"mean", "ci", "pairs"}}], "notes"}; what is not finite is null.
std::string comparison_json(const Comparison&);

}  // namespace rnnlab
