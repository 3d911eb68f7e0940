#pragma once

#include <optional>
#include <string>
#include <vector>

#include "study/compared_runs.hpp"
#include "study/statistics.hpp"

namespace rnnlab {

/// The runs that agree in the keys of a comparison. Statistics are over the ended runs that have a
/// number, infinite ones (`steps_to_target`, never reached) included; NaN where there is none.
struct ComparedGroup {
  /// From seed to seed against the first group, over the seeds where both have a number. Only where
  /// each of the two has one run per seed.
  struct Difference {
    double mean = 0;  // this group minus the first
    Interval ci;      // Student's; NaN with fewer than two pairs
    std::size_t pairs = 0;
  };

  std::vector<std::string> keys = {};   // the keys' values; "-" where a run's task has no such key
  std::vector<std::string> seeds = {};  // of the runs with a number, in the order of the runs
  std::size_t n = 0;                    // runs with a number
  double mean = 0;
  Interval ci = {};  // of the mean; NaN with fewer than two runs
  double median = 0;
  double min = 0;
  double max = 0;
  std::size_t infinite = 0;  // of n
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;  // have not ended: running, interrupted, lost, not begun
  std::optional<Difference> difference = {};

  std::size_t failures() const { return diverged + failed; }
};

struct Comparison {
  std::string metric;
  std::string ci_kind;  // of the mean: "Student t 95 %"; of `outcome`: "Wilson 95 %"
  std::vector<std::string> by;
  std::vector<ComparedGroup> groups;  // in the order of their first runs
  std::vector<std::string> notes;     // what a reader must know, a sentence each
};

/// Keys as a user writes them, between spaces or commas; a key named again counts once.
std::vector<std::string> comparison_keys(const std::string& text);

/// Throws Error(usage) for a key that no run has.
Comparison compare(const std::vector<ComparedRun>&, const std::vector<std::string>& by,
                   const std::string& metric);

}  // namespace rnnlab
