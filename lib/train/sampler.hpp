#pragma once

#include <cstdint>
#include <span>

#include "base/rng.hpp"

namespace rnnlab {

/// Which examples a training step sees: a function of (train.seed, step, place in the batch). With
/// a fixed set of `examples`, each epoch goes through all of them in its own order; with 0, every
/// position of every seed names an example of its own.
class Sampler {
 public:
  Sampler(std::uint64_t seed, std::uint64_t examples, int batch)
      : key_{seed, Stream::order}, examples_(examples), batch_(static_cast<std::uint64_t>(batch)) {}

  /// The examples [first, first + ids.size()) of draw number `step`.
  void examples(std::int64_t step, int first, std::span<std::uint64_t> ids) const {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::uint64_t position =
          static_cast<std::uint64_t>(step) * batch_ + static_cast<std::uint64_t>(first) + i;
      if (examples_ > 0) {
        ids[i] = permuted(key_, position / examples_, examples_, position % examples_);
      } else {
        Rng rng(key_, position);
        const std::uint64_t high = rng.word();
        ids[i] = high << 32 | rng.word();
      }
    }
  }

 private:
  Key key_;
  std::uint64_t examples_, batch_;
};

}  // namespace rnnlab
