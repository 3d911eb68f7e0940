#pragma once

#include <string>
#include <vector>

#include "study/expectation.hpp"
#include "study/statistics.hpp"

namespace rnnlab {

/// A claim of a study, as data. In study.ini, a section `[claim.NAME]` with
///
///     select     KEY=VALUE …: the runs it speaks of, all of them if empty
///     against    KEY=VALUE …: the runs they are compared with
///     statistic  value
///                difference | ratio      to `against`, paired by seed where both groups have it
///                spearman                rank correlation of the metric with `by`, over all runs
///                count                   of runs that meet the metric's bar
///                abs_error               from `theory`: per configuration |reduce(metric −
///                theory)|
///                                        over its seeds; every configuration must hold, the
///                                        largest error is shown
///     theory     a name of study/theory.hpp, with abs_error
///     by         KEY, a number: what spearman correlates with; or
///                KEY: the metric's reduced value along that key, with `expect = increasing` or
///                `decreasing`; judged by the differences of neighbours, paired by seed
///     metric     a PATH of study/run_metrics.hpp, last row unless @best or @lastN; for a count
///                with a bar, `PATH < x` or `PATH > x` (`plateau/2/steps > 0`: a second plateau was
///                seen); `outcome = diverged` (`outcome` alone: completed); `steps_to_target`
///                alone: the target was reached. Elsewhere a target that was never reached is
///                later than all that were; other values that are not finite speak against the
///                claim
///     reduce     median | mean | min | max: many runs to one number
///     expect     study/expectation.hpp
///     published  what the source says, as text
///     source     where it says so
struct Claim {
  struct Condition {
    std::string key;
    std::string value;
  };
  enum class Statistic { value, difference, ratio, count, abs_error, spearman };

  std::string name;
  std::string where;  // study.ini:12
  std::vector<Condition> select = {};
  std::vector<Condition> against = {};
  Statistic statistic = Statistic::value;
  std::string metric = {};
  std::string bar = {};  // count: `<`, `>`, `=` or nothing
  std::string bar_value = {};
  std::string theory = {};  // abs_error
  std::string by = {};      // a key: expects a trend, or with spearman
  Reduce reduce = Reduce::median;
  Expectation expect = {};
  std::string published = {};
  std::string source = {};
};

/// The claims among the settings of a study file, in its order. Throws Error(usage) for an unknown
/// or missing key and for values outside the grammar.
std::vector<Claim> parse_claims(const std::vector<Setting>&);

/// `KEY=VALUE …` between spaces; `task.name=adding@arjovsky2016` is two conditions. Throws
/// Error(usage).
std::vector<Claim::Condition> parse_conditions(const Setting&);

/// SHA-256 of the claims as they stand in the file.
std::string claims_hash(const std::vector<Setting>&);

}  // namespace rnnlab
