#include "shares.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace rnnlab {

void Shares::describe(OptionVisitor& v) {
  v.visit({.name = "valid_share",
           .help = "of the examples, for validation, where the file has none for it",
           .min = 0.0001,
           .max = 0.9},
          valid);
  v.visit({.name = "test_share",
           .help = "of the examples, for the test, where the file has none for it; 0: the test "
                   "is on the validation part",
           .min = 0,
           .max = 0.9},
          test);
}

void Shares::check() const {
  if (valid + test < 1) return;
  throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
              "let task.valid_share + task.test_share be below 1");
}

Parts drawn_parts(std::int64_t seed, std::uint64_t N, const Shares& shares,
                  const std::string& where) {
  const auto share = [&](double part) -> std::uint64_t {
    if (part == 0) return 0;
    const auto n = std::llround(part * static_cast<double>(N));
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(n));
  };
  const std::uint64_t test = share(shares.test), valid = share(shares.valid);
  if (test + valid >= N) {
    throw Error(Exit::data,
                "too few examples: " + std::to_string(N) + " for training, validation and test",
                where, "store more, or parts of their own");
  }
  Parts parts;
  const Key key{static_cast<std::uint64_t>(seed), Stream::train};
  for (std::uint64_t place = 0; place < N; ++place) {
    const std::size_t to = place < test ? 2 : place < test + valid ? 1 : 0;
    const bool in_order = test + valid == 0;
    parts[to].push_back(static_cast<std::uint32_t>(in_order ? place : permuted(key, 0, N, place)));
  }
  return parts;
}

}  // namespace rnnlab
