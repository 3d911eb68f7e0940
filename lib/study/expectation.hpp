#pragma once

#include <cstdint>
#include <string>

#include "study/setting.hpp"
#include "study/statistics.hpp"

namespace rnnlab {

enum class Verdict { pass, differs, undecided };

/// PASS, DIFFERS, UNDECIDED.
const char* verdict_name(Verdict);

/// What a claim expects: `< x`, `> x`, `a .. b`, `x +- y` of a number; `>= k of n`, `<= k of n` of
/// a count, or one of the first two; `increasing`, `decreasing` of a trend, whose steps are judged
/// as
/// `> 0` and `< 0`.
struct Expectation {
  enum class Kind { below, above, within, at_least, at_most, increasing, decreasing };

  Kind kind = Kind::within;
  double low = 0;             // above, within
  double high = 0;            // below, within
  std::int64_t k = 0, n = 0;  // counts
  std::string text = {};

  /// PASS if the whole interval agrees, DIFFERS if none of it does, else UNDECIDED.
  Verdict judge(const Interval&) const;
  /// Of `k` among `n` runs, `pending` more of them to come: UNDECIDED while these can still change
  /// it.
  Verdict judge(std::int64_t k, std::int64_t n, std::int64_t pending) const;
  /// True where a run without a finite value counts as one of +∞, so that it speaks against the
  /// claim.
  bool missing_is_high() const { return kind != Kind::above && kind != Kind::increasing; }
  bool of_trends() const { return kind == Kind::increasing || kind == Kind::decreasing; }
  bool of_counts() const { return kind == Kind::at_least || kind == Kind::at_most; }
};

/// Throws Error(usage) outside the grammar.
Expectation parse_expectation(const Setting&);

}  // namespace rnnlab
