#include "math/ordered_sum.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "base/rng.hpp"

using namespace rnnlab;

TEMPLATE_TEST_CASE("ordered_sum: slab by slab, the same bits for any split", "[math]", float,
                   double) {
  constexpr std::size_t n = 1000, stride = 1008;
  for (const int count : {1, 2, 3, 7}) {
    std::vector<TestType> slabs(stride * static_cast<std::size_t>(count));
    Rng rng({1, Stream::test}, 0);
    for (auto& v : slabs) v = static_cast<TestType>(std::exp(8 * rng.normal()));
    std::vector<TestType> expected(slabs.begin(), slabs.begin() + n);
    for (int k = 1; k < count; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        expected[i] += slabs[static_cast<std::size_t>(k) * stride + i];
      }
    }
    for (const std::size_t tile : {1u, 7u, 64u, 999u, 1000u}) {
      auto sums = slabs;
      for (std::size_t end = n; end > 0;) {  // any order of the tiles
        const std::size_t begin = end > tile ? end - tile : 0;
        ordered_sum(sums.data(), stride, count, begin, end);
        end = begin;
      }
      CHECK(std::equal(expected.begin(), expected.end(), sums.begin()));
      CHECK(std::equal(sums.begin() + n, sums.end(), slabs.begin() + n));  // only slab 0 is written
    }
  }
}

TEST_CASE("ordered_sum: in the order of the slabs, not any other", "[math]") {
  std::vector<float> slabs{1e8f, -1e8f, 1.0f};
  ordered_sum(slabs.data(), 1, 3, 0, 1);
  CHECK(slabs[0] == 1.0f);
  slabs = {1.0f, 1e8f, -1e8f};
  ordered_sum(slabs.data(), 1, 3, 0, 1);
  CHECK(slabs[0] == 0.0f);
}

TEMPLATE_TEST_CASE("sum_of_squares: in double, for any length", "[math]", float, double) {
  for (std::size_t n = 0; n < 70; ++n) {
    std::vector<TestType> x(n);
    Rng rng({2, Stream::test}, n);
    long double expected = 0;
    for (auto& v : x) {
      v = static_cast<TestType>(rng.normal());
      expected += static_cast<long double>(v) * static_cast<long double>(v);
    }
    CHECK(std::abs(static_cast<long double>(sum_of_squares(x.data(), n)) - expected) <=
          1e-15L * expected);
  }
}

TEST_CASE("sum_of_squares: squares of large floats do not overflow, NaN is kept", "[math]") {
  const std::vector<float> large(9, 1e30f);
  CHECK(sum_of_squares(large.data(), large.size()) == Approx(9e60));
  std::vector<float> bad(20, 1.0f);
  bad[17] = std::nanf("");
  CHECK(std::isnan(sum_of_squares(bad.data(), bad.size())));
}
