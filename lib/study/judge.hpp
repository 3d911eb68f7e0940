#pragma once

#include <functional>
#include <string>
#include <vector>

#include "study/claims.hpp"
#include "study/config.hpp"

namespace rnnlab {

/// A run as a claim sees it.
struct ClaimRun {
  Config config;
  std::string outcome;  // empty: has not ended yet
  std::function<double(const std::string& path)> metric;
};

/// What came of a claim.
struct ClaimResult {
  Claim claim;
  Verdict verdict = Verdict::undecided;
  double ours = 0;  // NaN: no run has ended
  Interval ci;
  std::int64_t count = 0;   // statistic count: so many
  std::size_t n = 0;        // runs (or pairs of runs) that entered
  std::size_t missing = 0;  // of them without a finite value: they speak against the claim
  std::size_t pending = 0;  // selected, but not ended
  bool paired = false;
  std::string protocol = {};  // task@protocol of the selected runs
  std::vector<std::string> deviates = {};
  std::vector<std::string> seeds = {};
  std::string note = {};  // why it is undecided
};

/// True if the configuration meets every condition. Throws Error(usage) for a value that the key
/// cannot have.
bool matches(const Config&, const std::vector<Claim::Condition>&, const std::string& where);

ClaimResult judge(const Claim&, const std::vector<ClaimRun>&);

}  // namespace rnnlab
