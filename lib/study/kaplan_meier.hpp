#pragma once

#include <cstddef>
#include <vector>

#include "study/statistics.hpp"

namespace rnnlab {

/// How long a run was seen on its way to something: until it got there, or until the last step at
/// which it was seen not to have got there (censored). Infinite: it never will.
struct Passage {
  double step = 0;
  bool reached = false;
};

/// The share of runs that have reached it by a step at which some did.
struct ReachedShare {
  double step = 0;
  std::size_t at_risk = 0;    // not there before this step, and still seen at it
  std::size_t events = 0;     // got there at this step
  double share = 0;           // 1 − S of Kaplan & Meier (1958)
  double standard_error = 0;  // Greenwood's (1926); NaN where all have reached it
  /// 95 %: Wilson's for `share` of as many runs as Greenwood's variance stands for (Rothman 1978),
  /// so that nothing being censored before, it is Wilson's for the runs that got there.
  Interval ci = {};
};

/// The product-limit curve: one entry per step at which a run got there, in their order. Runs that
/// are censored at a step count as at risk at it.
std::vector<ReachedShare> kaplan_meier(const std::vector<Passage>&);

/// The first step by which at least this share of the runs has got there; infinite if never.
double reached_quantile(const std::vector<ReachedShare>&, double share);

/// Its 95 % interval, where the curve's interval holds `share` (Brookmeyer & Crowley 1982).
Interval reached_quantile_interval(const std::vector<ReachedShare>&, double share);

}  // namespace rnnlab
