#include "nn/layers/dropout.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "nn/layers/layer_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int T = 40, B = 6, F = 37;

struct Masks {
  LayerRun<float> run;
  OwnedSeq<float> ones;

  explicit Masks(const DropoutOptions& options)
      : run(make_dropout<float>(options), T, B),
        ones(std::vector<double>(static_cast<std::size_t>(T * B * F), 1.0), T, B, F, 48, 0) {}
  /// What is left of ones.
  std::vector<double> drawn(const NoiseKey& noise) const {
    return dense_copy<float>(
        run.layer->forward(nullptr, ones.view(), run.frame.data(), {.noise = noise}));
  }
};

DropoutOptions options_of(double rate, bool variational, int index = 0) {
  return {.width = F, .rate = rate, .variational = variational, .index = index};
}

}  // namespace

TEST_CASE("dropout: units are 0 or 1 / (1 - p), in shares p and 1 - p", "[nn][layers][dropout]") {
  for (const bool variational : {false, true}) {
    for (const double rate : {0.1, 0.5, 0.8}) {
      CAPTURE(variational, rate);
      const Masks masks(options_of(rate, variational));
      double dropped = 0, count = 0;
      for (std::int64_t step = 0; step < (variational ? 200 : 5); ++step) {
        const auto y = masks.drawn({.seed = 3, .step = step, .first = 0});
        for (std::size_t i = 0; i < y.size(); ++i) {
          if (variational && i >= std::size_t{B * F}) break;  // the same at every step
          if (y[i] != 0) CHECK(y[i] == Approx(1 / (1 - rate)).epsilon(1e-6));
          dropped += y[i] == 0;
          ++count;
        }
      }
      CHECK(dropped / count == Approx(rate).margin(5 * std::sqrt(rate * (1 - rate) / count)));
    }
  }
}

TEST_CASE("dropout: one mask for a whole sequence, or one for every step",
          "[nn][layers][dropout]") {
  const auto agree = [](bool variational) {
    const auto y = Masks(options_of(0.5, variational)).drawn({.seed = 3, .step = 7, .first = 0});
    double same = 0;
    for (std::size_t i = B * F; i < y.size(); ++i) same += y[i] == y[i - B * F];
    return same / static_cast<double>(y.size() - B * F);
  };
  CHECK(agree(true) == 1);
  CHECK(agree(false) == Approx(0.5).margin(0.03));
}

TEST_CASE("dropout: a mask is a function of seed, step, layer and column, and of no shard",
          "[nn][layers][dropout]") {
  const Masks masks(options_of(0.5, false)), other(options_of(0.5, false, 1));
  const NoiseKey key{.seed = 3, .step = 7, .first = 0};
  const auto y = masks.drawn(key);
  CHECK(masks.drawn(key) == y);
  CHECK(masks.drawn({.seed = 4, .step = 7, .first = 0}) != y);
  CHECK(masks.drawn({.seed = 3, .step = 8, .first = 0}) != y);
  CHECK(other.drawn(key) != y);
  // Columns 2 … of this shard are columns 0 … of one that begins two later.
  const auto later = masks.drawn({.seed = 3, .step = 7, .first = 2});
  for (int t = 0; t < T; ++t) {
    for (int b = 0; b < B - 2; ++b) {
      for (int i = 0; i < F; ++i) {
        CHECK(later[static_cast<std::size_t>((t * B + b) * F + i)] ==
              y[static_cast<std::size_t>((t * B + b + 2) * F + i)]);
      }
    }
  }
}

TEST_CASE("dropout: backwards through the same mask; without noise the identity",
          "[nn][layers][dropout]") {
  for (const bool variational : {false, true}) {
    const Masks masks(options_of(0.3, variational));
    const auto y = masks.drawn({.seed = 1, .step = 2, .first = 0});
    const auto dx =
        dense_copy<float>(masks.run.backward(masks.ones.view(), {.every = masks.ones.view()}));
    CHECK(dx == y);
    const std::vector<double> ones(y.size(), 1.0);
    CHECK(masks.drawn({}) == ones);
    CHECK(dense_copy<float>(masks.run.backward(masks.ones.view(), {.every = masks.ones.view()})) ==
          ones);
  }
}
