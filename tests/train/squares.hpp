#pragma once

#include <algorithm>
#include <catch2/catch.hpp>

#include "data/task.hpp"

namespace rnnlab::test {

/// A stream of the digits of n² mod 7 in their order: who knows the phase knows what comes.
class Squares final : public Task {
 public:
  explicit Squares(std::int64_t steps, int window = 10) : steps_(steps), window_(window) {}
  Facts facts() const override {
    return {.inputs = 7,
            .symbols = true,
            .outputs = 7,
            .length = window_,
            .loss = LossKind::cross_entropy,
            .metric = Metric::bits_per_character,
            .readout = Readout::every};
  }
  std::int64_t stream(Stream) const override { return steps_; }
  void draw(Key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(), static_cast<int>(examples.size()));
    for (std::size_t b = 0; b < examples.size(); ++b) {
      const auto begin = static_cast<std::int64_t>(examples[b]);
      REQUIRE(begin < steps_);
      out.length[b] = static_cast<int>(std::min<std::int64_t>(window_, steps_ - begin));
      for (int t = 0; t < window_; ++t) {
        const std::size_t at = static_cast<std::size_t>(t) * examples.size() + b;
        const bool inside = t < out.length[b];
        out.symbol[at] = inside ? digit(begin + t) : 0;
        out.label[at] = inside ? digit(begin + t + 1) : 0;
        out.weight[at] = inside ? 1.0f : 0.0f;
      }
    }
  }

 private:
  static std::int32_t digit(std::int64_t n) { return static_cast<std::int32_t>(n * n % 7); }
  std::int64_t steps_;
  int window_;
};

}  // namespace rnnlab::test
