#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "study/claims.hpp"
#include "study/config.hpp"
#include "study/plateaus.hpp"

namespace rnnlab {

/// A run as a claim sees it.
struct ClaimRun {
  Config config;
  std::string outcome;  // empty: has not ended yet
  std::function<double(const std::string& path)> metric;
  std::optional<PlateauVisits> plateaus = {};  // of a task that says when it is solved
};

/// One configuration's part of a claim that speaks of several: a point of a figure.
struct ClaimPoint {
  Settings at;        // the keys that tell the claim's configurations apart, and their values here
  double theory = 0;  // NaN without one
  double ours = 0;
  Interval ci;
  std::size_t n = 0;
};

/// What came of a claim.
struct ClaimResult {
  Claim claim;
  Verdict verdict = Verdict::undecided;
  double ours = 0;  // NaN: no run has ended
  Interval ci;
  std::int64_t count = 0;   // statistic count: so many
  std::size_t n = 0;        // runs (or pairs of runs) that entered
  std::size_t missing = 0;  // of them without a value: they speak against the claim
  std::size_t never = 0;    // of them that never reached their target: later than all that did
  std::size_t pending = 0;  // selected, but not ended
  bool paired = false;
  std::string protocol = {};               // task@protocol of the selected runs
  std::vector<std::string> deviates = {};  // of the protocol, and what the study changes in it
  std::vector<std::string> seeds = {};
  std::vector<ClaimPoint> points = {};  // abs_error and trends: the metric, per configuration
  PlateauSummary plateaus = {};         // of the selected runs that have ended
  std::string note = {};                // why it is undecided
};

/// True if the configuration meets every condition. Throws Error(usage) for a value that the key
/// cannot have.
bool matches(const Config&, const std::vector<Claim::Condition>&, const std::string& where);

ClaimResult judge(const Claim&, const std::vector<ClaimRun>&);

}  // namespace rnnlab
