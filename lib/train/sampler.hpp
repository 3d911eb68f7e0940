#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.hpp"

namespace rnnlab {

/// Which examples a training step sees: a function of (train.seed, step, place in the batch). With
/// a fixed set of `examples`, each epoch goes through all of them in its own order; with 0, every
/// position of every seed names an example of its own.
///
/// Where their `lengths` are given, batches are of like lengths: an epoch's order is cut into pools
/// of `pool_batches` batches, each pool sorted by length (equal ones stay as they were), and its
/// batches then shuffled. Every example still comes once an epoch. Not where a batch is larger than
/// the whole set.
class Sampler {
 public:
  static constexpr std::uint64_t pool_batches = 50;

  Sampler(std::uint64_t seed, std::uint64_t examples, int batch,
          std::span<const std::int32_t> lengths = {});

  /// Makes the orders that draw number `step` needs; to be called before examples() of it.
  void prepare(std::int64_t step);

  /// The examples [first, first + ids.size()) of draw number `step`.
  void examples(std::int64_t step, int first, std::span<std::uint64_t> ids) const;

 private:
  /// An epoch's order, where lengths are given.
  struct Order {
    std::int64_t epoch = -1;
    std::vector<std::uint64_t> example;  // [examples]
  };

  std::uint64_t shuffled(std::uint64_t epoch, std::uint64_t position) const {
    return permuted(key_, epoch, examples_, position);
  }
  void make(Order&, std::uint64_t epoch);

  Key key_;
  std::uint64_t examples_, batch_;
  std::span<const std::int32_t> lengths_;
  std::array<Order, 2> orders_;  // of even and of odd epochs
  std::vector<std::uint64_t> pool_;
};

}  // namespace rnnlab
