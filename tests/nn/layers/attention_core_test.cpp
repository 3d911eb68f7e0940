#include "nn/layers/attention_core.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "nn/layers/layer_run.hpp"
#include "reference/transformer.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Queries over a memory, with NaN wherever nothing may look.
template <class S>
struct Attention {
  int width, Tq, Tm;
  std::vector<int> queries, memory;
  AttentionCore<S> core;
  Slab<S> q, k, v, frame;

  Attention(int units, int heads, bool causal, int steps, int places,
            std::vector<int> steps_of_queries, std::vector<int> steps_of_memory)
      : width(units),
        Tq(steps),
        Tm(places),
        queries(std::move(steps_of_queries)),
        memory(std::move(steps_of_memory)),
        core(units, heads, causal),
        q(filled(Tq, queries, 1)),
        k(filled(Tm, memory, 2)),
        v(filled(Tm, memory, 3)),
        frame(core.frame_size(Tq, Tm, b())) {
    for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = std::numeric_limits<S>::quiet_NaN();
  }
  int b() const { return static_cast<int>(queries.size()); }
  Slab<S> filled(int T, const std::vector<int>& length, std::uint64_t seed) const {
    Slab<S> values(size(T, b(), width));
    for (int t = 0; t < T; ++t) {
      for (int column = 0; column < b(); ++column) {
        Rng rng({seed, Stream::test}, static_cast<std::uint64_t>(t * 100 + column));
        for (int i = 0; i < width; ++i)
          values[size(t * b() + column, width) + size(1, i)] =
              t < length[size(1, column)] ? static_cast<S>(rng.normal())
                                          : std::numeric_limits<S>::quiet_NaN();
      }
    }
    return values;
  }
  Seq<S> seq(const Slab<S>& values, int T, const std::vector<int>& length) const {
    return {values.data(), T, b(), width, width, length.data()};
  }
  Seq<S> forward() {
    return core.forward(seq(q, Tq, queries), seq(k, Tm, memory), seq(v, Tm, memory), frame.data());
  }
  Seq<const S> weights() {
    return core.weights(frame.data(), Tq, Tm, b(), queries.data(), memory.data());
  }
};

const std::vector<int> asked_steps{20, 1, 16, 33}, seen_steps{40, 17, 1, 5};

}  // namespace

TEMPLATE_TEST_CASE("attention: weights sum to one and never touch padding or what comes later",
                   "[nn][attention]", float, double) {
  const bool causal = GENERATE(false, true);
  Attention<TestType> a(12, 3, causal, 33, 40, asked_steps, seen_steps);
  a.forward();
  const auto weights = a.weights();
  int outside = 0;
  double worst = 0;
  for (int b = 0; b < a.b(); ++b) {
    for (int t = 0; t < a.Tq; ++t) {
      const bool asked = t < asked_steps[size(1, b)];
      for (int head = 0; head < 3; ++head) {
        double sum = 0;
        for (int m = 0; m < a.Tm; ++m) {
          const double weight = static_cast<double>(weights.at(t, b)[head * a.Tm + m]);
          const bool hidden = !asked || m >= seen_steps[size(1, b)] || (causal && m > t);
          outside += !(weight >= 0) || (hidden && weight != 0);
          sum += weight;
        }
        worst = std::max(worst, std::abs(sum - (asked ? 1 : 0)));
      }
    }
  }
  CHECK(outside == 0);
  CHECK(worst <= 4 * std::numeric_limits<TestType>::epsilon() * 40);
}

TEST_CASE("attention: what is mixed is the textbook's, for heads of any width", "[nn][attention]") {
  const bool causal = GENERATE(false, true);
  for (const auto& [width, heads] : {std::pair{12, 3}, {5, 1}, {64, 4}, {7, 7}}) {
    CAPTURE(width, heads);
    Attention<double> a(width, heads, causal, 33, 40, asked_steps, seen_steps);
    const Seq<double> y = a.forward();
    double worst = 0;
    for (int b = 0; b < a.b(); ++b) {
      for (int head = 0; head < heads; ++head) {
        const int d = width / heads;
        const auto rows = [&](const Slab<double>& from, int steps) {
          std::vector<reference::Vector<double>> x;
          for (int t = 0; t < steps; ++t) {
            const double* at = from.data() + size(t * a.b() + b, width) + head * d;
            x.emplace_back(at, at + d);
          }
          return x;
        };
        const int places = seen_steps[size(1, b)];
        const auto right = reference::attended(
            rows(a.q, asked_steps[size(1, b)]), rows(a.k, places), rows(a.v, places),
            [&](std::size_t i) {
              return std::min(causal ? i + 1 : size(1, places), size(1, places));
            });
        for (int t = 0; t < a.Tq; ++t) {
          for (int u = 0; u < d; ++u) {
            const bool asked = t < asked_steps[size(1, b)];
            const double wanted = asked ? right[size(1, t)][size(1, u)] : 0;
            worst = std::max(worst, std::abs(y.at(t, b)[head * d + u] - wanted));
          }
        }
      }
    }
    CHECK(worst <= 1e-13);
  }
}

TEST_CASE("attention: longer padding changes no bit", "[nn][attention][padding]") {
  const bool causal = GENERATE(false, true);
  Attention<float> tight(24, 2, causal, 33, 40, asked_steps, seen_steps);
  Attention<float> loose(24, 2, causal, 50, 71, asked_steps, seen_steps);
  const auto y = tight.forward(), z = loose.forward();
  struct Gradients {
    Slab<float> dy, dq, dk, dv;
  };
  const auto backward = [&](Attention<float>& a) {
    Gradients g{a.filled(a.Tq, asked_steps, 9), Slab<float>(size(a.Tq, 4, 24)),
                Slab<float>(size(a.Tm, 4, 24)), Slab<float>(size(a.Tm, 4, 24))};
    a.core.backward(a.seq(a.q, a.Tq, asked_steps), a.seq(a.k, a.Tm, seen_steps),
                    a.seq(a.v, a.Tm, seen_steps), a.seq(g.dy, a.Tq, asked_steps),
                    a.seq(g.dq, a.Tq, asked_steps), a.seq(g.dk, a.Tm, seen_steps),
                    a.seq(g.dv, a.Tm, seen_steps), a.frame.data());
    return g;
  };
  const Gradients g = backward(tight), h = backward(loose);
  CHECK(std::memcmp(y.p, z.p, size(33, 4, y.ld) * sizeof(float)) == 0);
  CHECK(std::memcmp(g.dq.data(), h.dq.data(), g.dq.size() * sizeof(float)) == 0);
  CHECK(std::memcmp(g.dk.data(), h.dk.data(), g.dk.size() * sizeof(float)) == 0);
  CHECK(std::memcmp(g.dv.data(), h.dv.data(), g.dv.size() * sizeof(float)) == 0);
  CHECK(std::all_of(h.dk.data(), h.dk.data() + h.dk.size(),
                    [](float value) { return std::isfinite(value); }));
}
