#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.hpp"
#include "nn/source_decoder.hpp"

namespace rnnlab::test {

/// A model whose every prediction is a random number of its own: the logits and the attention after
/// each target so far are functions of that and of the source alone. A state is the target so far.
class TableDecoder final : public SourceDecoder<float> {
 public:
  /// `levels`: of how many different values logits are; few make ties.
  TableDecoder(std::uint64_t seed, int symbols, int steps, int levels = 1 << 20)
      : seed_(seed), V_(symbols), R_(steps), levels_(levels) {}

  std::size_t state_size() const override { return static_cast<std::size_t>(R_) + 1; }
  std::size_t frame_size(int T, int, int k) const override {
    return static_cast<std::size_t>(k) * static_cast<std::size_t>(V_ + T);
  }
  void read(const float*, const Batch&, int, float*, float* state) const override {
    std::fill_n(state, state_size(), 0.0f);
  }
  Seq<float> step(const float*, const Batch& one, int k, const std::int32_t* symbols, float* states,
                  float* frame) const override {
    for (int i = 0; i < k; ++i) {
      float* state = states + static_cast<std::size_t>(i) * state_size();
      std::vector<std::int32_t> target;
      const int so_far = static_cast<int>(state[0]);  // symbols read, the first one the end symbol
      for (int r = 1; r < so_far; ++r) {
        target.push_back(static_cast<std::int32_t>(state[r + 1]));
      }
      if (so_far > 0) target.push_back(symbols[i]);
      // Rows that stand for no hypothesis go on for ever.
      state[0] = static_cast<float>(std::min(so_far + 1, R_));
      if (so_far > 0 && so_far < R_) state[so_far + 1] = static_cast<float>(symbols[i]);
      const std::vector<float> y = logits(one, target), a = attention(one, target);
      std::copy(y.begin(), y.end(), frame + i * V_);
      std::copy(a.begin(), a.end(), frame + k * V_ + i * one.T);
    }
    return {frame, 1, k, V_, V_};
  }
  Seq<const float> alignment(const Batch& one, int k, float* frame) const override {
    return {attends ? frame + k * V_ : nullptr, 1, k, one.T, one.T};
  }

  std::vector<float> logits(const Batch& one, std::span<const std::int32_t> target) const {
    Rng rng = numbers(one, target);
    std::vector<float> y;
    for (int s = 0; s < V_; ++s) {
      const auto level = rng.below(static_cast<std::uint32_t>(levels_));
      y.push_back(4.0f * static_cast<float>(level) / static_cast<float>(levels_));
    }
    return y;
  }
  std::vector<float> attention(const Batch& one, std::span<const std::int32_t> target) const {
    Rng rng = numbers(one, target);
    std::vector<float> a;
    for (int t = 0; t < one.T; ++t) a.push_back(static_cast<float>(rng.uniform53()));
    return a;
  }

  bool attends = true;

 private:
  Rng numbers(const Batch& one, std::span<const std::int32_t> target) const {
    std::uint64_t index = 0;
    for (const std::int32_t s : one.symbol) index = index * 31 + static_cast<std::uint64_t>(s) + 1;
    for (const std::int32_t s : target) index = index * 31 + static_cast<std::uint64_t>(s) + 1;
    return Rng({seed_, Stream::generate}, index);
  }

  std::uint64_t seed_;
  int V_, R_, levels_;
};

/// A source of so many symbols, counted upwards.
inline Batch source_of(int T, int first = 0) {
  Batch one;
  one.reset({.inputs = 100,
             .symbols = true,
             .outputs = 2,
             .length = T,
             .target_length = 1,
             .loss = LossKind::cross_entropy,
             .readout = Readout::sequence},
            1);
  for (int t = 0; t < T; ++t) one.symbol[static_cast<std::size_t>(t)] = first + t;
  return one;
}

}  // namespace rnnlab::test
