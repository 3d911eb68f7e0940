#pragma once

#include <string>

#include "study/compare.hpp"

namespace rnnlab {

/// For people, two tables of one row per group, each under a line that says what it shows and the
/// kinds of its intervals: the values (n, mean, median, IQM, min, max, failures, pending); success,
/// for `steps_to_target` the quartiles of the steps, and the difference to the chosen row. Then the
/// notes.
std::string comparison_table(const Comparison&);

/// Full precision, empty where there is no number, `inf` for an infinite one. The keys, then
///
///   n, mean, ci_low, ci_high, median        of the runs with a number; ci_kind says which interval
///   iqm, iqm_low, iqm_high                  interquartile mean, 95 % bootstrap
///   min, max, failures, diverged, failed, pending
///   successes, success_runs, success_rate, success_low, success_high      Wilson 95 %
///   difference, difference_low, difference_high, pairs, pairs_needed      Student t 95 %
///   reached_25, reached_50, reached_50_low, reached_50_high, reached_75   of steps_to_target:
///                                           Kaplan–Meier quantiles, in steps
///   metric, ci_kind, criterion
std::string comparison_csv(const Comparison&);

/// {"metric", "ci_kind", "iqm_ci_kind", "success_ci_kind", "difference_ci_kind", "curve_ci_kind",
/// "criterion", "by", "against": {key: value}, "rows": [{"group": {key: value}, "n", "seeds",
/// "mean", "ci", "median", "iqm", "iqm_ci", "min", "max", "infinite", "failures", "diverged",
/// "failed", "pending", "success": {"reached", "runs", "rate", "ci"}, "difference": {"mean", "ci",
/// "pairs", "pairs_needed", "cannot_tell"}, "time_to_target": {"quartiles", "median_ci", "seen",
/// "curve":
/// [{"step", "at_risk", "reached", "share", "low", "high"}]}}], "notes"}; what is not finite, and
/// an object that a row does not have, is null.
std::string comparison_json(const Comparison&);

}  // namespace rnnlab
