#include "nn/layers/trace_writers.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/arena.hpp"
#include "base/rng.hpp"

using namespace rnnlab;

TEMPLATE_TEST_CASE("norms of columns: any number, any height, any size", "[layers]", float,
                   double) {
  constexpr int ld = 48;
  for (const int rows : {1, 15, 16, 17, 33, 48}) {
    for (const int b : {1, 8, 16, 19}) {
      Slab<TestType> columns(static_cast<std::size_t>(b * ld));
      Rng rng({1, Stream::test}, 0);
      std::vector<double> expected(static_cast<std::size_t>(b)), scale(expected.size(), 0.5);
      for (int k = 0; k < b; ++k) {
        // From squares that a float flushes to zero to squares that it cannot hold.
        const double size = std::pow(10.0, -30 + 6 * (k % 11));
        long double sum = 0;
        for (int i = 0; i < ld; ++i) {
          TestType& x = columns[static_cast<std::size_t>(k * ld + i)];
          x = static_cast<TestType>(size * rng.normal());
          if (i < rows) sum += static_cast<long double>(x) * x;
        }
        expected[static_cast<std::size_t>(k)] = static_cast<double>(std::sqrt(sum)) / 2;
      }
      std::vector<double> norms(expected.size());
      const StateTrace trace{.ld = b, .scale = scale.data()};
      write_norms(columns.data(), rows, ld, b, trace, norms.data());
      for (std::size_t k = 0; k < norms.size(); ++k)
        CHECK(norms[k] ==
              Approx(expected[k]).epsilon(8 * std::numeric_limits<TestType>::epsilon()));
    }
  }
}

TEST_CASE("norms of columns: zero, not a number, infinite", "[layers]") {
  Slab<float> columns(3 * 16);
  columns[17] = std::numeric_limits<float>::quiet_NaN();
  columns[33] = std::numeric_limits<float>::infinity();
  const double scale[] = {1, 1, 1};
  double norms[3];
  write_norms(columns.data(), 16, 16, 3, {.ld = 3, .scale = scale}, norms);
  CHECK(norms[0] == 0);
  CHECK(std::isnan(norms[1]));
  CHECK(std::isinf(norms[2]));
}
