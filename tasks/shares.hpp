#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/options.hpp"

namespace rnnlab {

/// Which examples are for training, validation and test.
using Parts = std::array<std::vector<std::uint32_t>, 3>;

/// How many of the examples are for validation and test, where the data do not say which; a task's
/// option struct has one as a member.
struct Shares {
  double valid = 0.1, test = 0.1;

  void describe(OptionVisitor& v);
  /// Throws Error(usage) where nothing is left to train on.
  void check() const;
};

/// N examples in an order drawn from `seed`, cut: first the test, then validation, the rest is for
/// training. A share that is not 0 is one example at least; with both 0 the order is the data's.
/// Throws Error(data) naming `where` they are from, if none is left to train on.
Parts drawn_parts(std::int64_t seed, std::uint64_t N, const Shares&, const std::string& where);

}  // namespace rnnlab
