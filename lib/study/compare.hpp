#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "study/compared_runs.hpp"
#include "study/kaplan_meier.hpp"
#include "study/statistics.hpp"

namespace rnnlab {

/// The runs that agree in the keys of a comparison. Statistics are over the ended runs that have a
/// number, infinite ones (`steps_to_target`, never reached) included; NaN where there is none.
struct ComparedGroup {
  /// From seed to seed against the chosen group, over the seeds where both have a number. Only
  /// where each of the two has one run per seed.
  struct Difference {
    double mean = 0;  // this group minus the chosen one
    Interval ci;      // Student's; NaN with fewer than two pairs
    std::size_t pairs = 0;
    double pairs_needed = NAN;  // values_to_tell() of the differences; NaN with fewer than two

    /// Zero lies within the interval, or there is none.
    bool cannot_tell() const { return !(ci.low > 0 || ci.high < 0); }
  };
  /// Of the runs that ended and have a target: diverged and failed ones did not succeed.
  struct Success {
    std::size_t reached = 0;
    std::size_t runs = 0;  // at least one
    Interval ci;           // Wilson's

    double rate() const { return static_cast<double>(reached) / static_cast<double>(runs); }
  };
  /// Steps to the target with the runs censored that ended without it; diverged and failed runs are
  /// at risk for ever. Of the metric `steps_to_target` alone.
  struct TimeToTarget {
    std::vector<ReachedShare> curve;
    double quartiles[3];  // steps by which 25, 50 and 75 % have reached it; infinite: never seen
    Interval median_ci;
    double seen;  // the last step at which a run was looked at; NaN: none was
  };

  std::vector<std::string> keys = {};   // the keys' values; "-" where a run's task has no such key
  std::vector<std::string> seeds = {};  // of the runs with a number, in the order of the runs
  std::size_t n = 0;                    // runs with a number
  double mean = 0;
  Interval ci = {};  // of the mean; NaN with fewer than two runs
  double median = 0;
  double iqm = 0;
  Interval iqm_ci = {};  // bootstrap; NaN with fewer than two runs
  double min = 0;
  double max = 0;
  std::size_t infinite = 0;  // of n
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;  // have not ended: running, interrupted, lost, not begun
  std::optional<Success> success = {};
  std::optional<TimeToTarget> time_to_target = {};
  std::optional<Difference> difference = {};

  std::size_t failures() const { return diverged + failed; }
};

struct Comparison {
  std::string metric;
  std::string ci_kind;  // of the mean: "Student t 95 %"; of `outcome`: "Wilson 95 %"
  std::vector<std::string> by;
  std::vector<ComparedGroup> groups;  // in the order of their first runs
  std::vector<std::string> notes;     // what a reader must know, a sentence each
  std::size_t against = 0;            // the group that differences are to
  /// What a success is: `valid/mse <= 0.01`; "its run's target" where that is not the same for all;
  /// empty where no run has a target.
  std::string criterion = {};

  /// A group by its keys: `model.name=lstm,task.length=100`.
  std::string name(const ComparedGroup&) const;
};

/// Keys as a user writes them, between spaces or commas; a key named again counts once.
std::vector<std::string> comparison_keys(const std::string& text);

/// `against`: KEY=VALUE between spaces or commas, which all runs of exactly one group meet; empty:
/// the first group. Throws Error(usage) for a key that no run has, and where no group or more than
/// one is meant.
Comparison compare(const std::vector<ComparedRun>&, const std::vector<std::string>& by,
                   const std::string& metric, const std::string& against = "");

}  // namespace rnnlab
