#include "base/normal.hpp"

#include <catch2/catch.hpp>

#include "base/statistics.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("fast_log: within its stated error", "[base][normal]") {
  double worst = 0;
  const auto look = [&](float x) {
    const double exact = std::log(static_cast<double>(x));
    const double error = std::abs(static_cast<double>(detail::fast_log(x)) - exact);
    worst = std::max(worst, error / (2e-7 * std::abs(exact) + 1e-7));
  };
  for (std::uint32_t bits = 0x00800000; bits < 0x7F800000; bits += 1009) {  // the normal floats
    look(std::bit_cast<float>(bits));
  }
  for (std::uint32_t k = 0; k < 1u << 24; k += 13) {  // what fill_normal asks for
    look((static_cast<float>(k) + 0.5f) * 0x1p-24f);
  }
  look(1.0f);
  look(std::nextafter(1.0f, 0.0f));
  look(std::numbers::sqrt2_v<float> / 2);
  CHECK(worst < 1);
  CHECK(detail::fast_log(1.0f) == 0);
}

TEST_CASE("fast_log: never positive below 1", "[base][normal]") {
  std::size_t wrong = 0;
  for (std::uint32_t k = 0; k < 1u << 24; ++k) {
    wrong += !(detail::fast_log((static_cast<float>(k) + 0.5f) * 0x1p-24f) <= 0.0f);
  }
  CHECK(wrong == 0);
}

TEST_CASE("fast_circle: within its stated error", "[base][normal]") {
  double worst = 0;
  for (std::uint32_t k = 0; k < 1u << 24; k += 7) {
    const float v = static_cast<float>(k) * 0x1p-24f;
    const double angle = 2 * std::numbers::pi * static_cast<double>(v);
    float c, s;
    detail::fast_circle(v, c, s);
    worst = std::max({worst, std::abs(static_cast<double>(c) - std::cos(angle)),
                      std::abs(static_cast<double>(s) - std::sin(angle))});
  }
  CHECK(worst < 5e-7);
}

TEST_CASE("fill_normal: independent standard normals", "[base][normal]") {
  constexpr std::size_t n = std::size_t{1} << 20;
  const double root = std::sqrt(static_cast<double>(n));
  Rng rng({8, Stream::train}, 0);
  std::vector<float> x(n);
  fill_normal(rng, x.data(), n);
  const Moments m(x);
  CHECK(std::abs(m.mean) < 4 / root);
  CHECK(std::abs(m.variance - 1) < 4 * std::sqrt(2.0) / root);
  CHECK(std::abs(m.skewness) < 4 * std::sqrt(6.0) / root);
  CHECK(std::abs(m.kurtosis - 3) < 4 * std::sqrt(24.0) / root);
  CHECK(kolmogorov(x, [](double v) { return 0.5 * std::erfc(-v / std::sqrt(2.0)); }) < 1.95);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  CHECK(*low < -4.3f);
  CHECK(*high > 4.3f);
  CHECK(std::max(-*low, *high) < 6);

  // The two of a Box-Muller pair lie 64 apart; neighbours and squares are looked at as well.
  for (const std::size_t lag : {1u, 2u, 16u, 64u, 128u}) {
    double product = 0, squares = 0;
    for (std::size_t i = lag; i < n; ++i) {
      const double a = static_cast<double>(x[i]), b = static_cast<double>(x[i - lag]);
      product += a * b;
      squares += (a * a - 1) * (b * b - 1) / 2;
    }
    CAPTURE(lag);
    CHECK(std::abs(product) < 4.5 * root);
    CHECK(std::abs(squares) < 4.5 * root);
  }
}

TEST_CASE("fill_normal: fewer numbers are the start of more, and nothing past them is written",
          "[base][normal]") {
  std::vector<float> all(384);
  Rng whole({8, Stream::train}, 3);
  fill_normal(whole, all.data(), all.size());
  for (const std::size_t n : {0u, 1u, 63u, 64u, 65u, 127u, 128u, 129u, 300u}) {
    std::vector<float> some(384, -99.0f);
    Rng rng({8, Stream::train}, 3);
    fill_normal(rng, some.data(), n);
    CHECK(std::equal(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(n), all.begin()));
    CHECK(std::all_of(some.begin() + static_cast<std::ptrdiff_t>(n), some.end(),
                      [](float v) { return v == -99.0f; }));
  }
}
