#include "math/gemm.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.hpp"

using namespace rnnlab;

namespace {

std::vector<Backend> backends() {
  std::vector<Backend> built_in;
  for (const Backend backend : {Backend::xsmm, Backend::eigen, Backend::naive}) {
    if (available(backend)) built_in.push_back(backend);
  }
  return built_in;
}

template <class S>
std::vector<S> noise(std::size_t n, std::uint64_t index) {
  Rng rng({1, Stream::test}, index);
  std::vector<S> values(n);
  for (S& v : values) v = static_cast<S>(2 * rng.uniform53() - 1);
  return values;
}

/// Operands of one product, in matrices with some columns' distance to spare.
template <class S>
struct Operands {
  ProductShape shape;
  std::vector<S> a, b, c;

  Operands(int m, int n, int k, int padding, bool transpose_b, bool accumulate)
      : shape{m,
              n,
              k,
              m + padding,
              (transpose_b ? n : k) + 2 * padding,
              m + 3 * padding,
              transpose_b,
              accumulate},
        a(noise<S>(size(shape.lda, k), 1)),
        b(noise<S>(size(shape.ldb, transpose_b ? k : n), 2)),
        c(noise<S>(size(shape.ldc, n), 3)) {}

  static std::size_t size(int ld, int columns) {
    return static_cast<std::size_t>(ld) * static_cast<std::size_t>(columns);
  }
  S left(int i, int p) const { return a[static_cast<std::size_t>(i + shape.lda * p)]; }
  S right(int p, int j) const {
    return b[static_cast<std::size_t>(shape.transpose_b ? j + shape.ldb * p : p + shape.ldb * j)];
  }

  /// The largest error of `result` in units of its bound: k products and k sums round, each by one
  /// unit of the terms' absolute sum. Infinite if an entry outside of C was written.
  double error(const std::vector<S>& result) const {
    double worst = 0;
    for (int j = 0; j < shape.n; ++j) {
      for (int i = 0; i < shape.ldc; ++i) {
        const auto at = static_cast<std::size_t>(i + shape.ldc * j);
        if (i >= shape.m) {
          if (result[at] != c[at]) return std::numeric_limits<double>::infinity();
          continue;
        }
        long double sum = shape.accumulate ? static_cast<long double>(c[at]) : 0;
        long double magnitude = std::abs(sum);
        for (int p = 0; p < shape.k; ++p) {
          const auto term =
              static_cast<long double>(left(i, p)) * static_cast<long double>(right(p, j));
          sum += term;
          magnitude += std::abs(term);
        }
        const long double unit = std::numeric_limits<S>::epsilon() / 2;
        const long double bound = (shape.k + 1) * unit * magnitude;
        const auto e =
            static_cast<double>(std::abs(static_cast<long double>(result[at]) - sum) / bound);
        if (!(e <= worst)) worst = e;
      }
    }
    return worst;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("Product: every twin is the textbook's sum, within its rounding", "[math][gemm]",
                   float, double) {
  for (const Backend backend : backends()) {
    CAPTURE(static_cast<int>(backend));
    for (const int m : {1, 13, 16, 48, 64}) {
      for (int n = 1; n <= 17; ++n) {
        for (const int k : {1, 2, 16, 37, 300}) {
          for (const bool transpose_b : {false, true}) {
            const bool accumulate = (m + n + k) % 2 == 0;
            const int padding = (n + k + transpose_b) % 3;
            const Operands<TestType> x(m, n, k, padding, transpose_b, accumulate);
            auto c = x.c;
            Product<TestType>(x.shape, backend)(x.a.data(), x.b.data(), c.data());
            const double error = x.error(c);
            if (!(error <= 1)) {
              CAPTURE(m, n, k, transpose_b, accumulate, padding);
              CHECK(error <= 1);
            }
          }
        }
      }
    }
  }
  SUCCEED();
}

TEMPLATE_TEST_CASE("Product: adds or writes as told", "[math][gemm]", float, double) {
  for (const Backend backend : backends()) {
    CAPTURE(static_cast<int>(backend));
    for (const bool transpose_b : {false, true}) {
      Operands<TestType> x(16, 5, 7, 1, transpose_b, false);
      auto written = x.c;
      for (auto& v : written) v = std::numeric_limits<TestType>::quiet_NaN();
      Product<TestType>(x.shape, backend)(x.a.data(), x.b.data(), written.data());
      auto from_zero = x.c;
      for (auto& v : from_zero) v = 0;
      x.shape.accumulate = true;
      const Product<TestType> add(x.shape, backend);
      add(x.a.data(), x.b.data(), from_zero.data());
      for (int j = 0; j < x.shape.n; ++j) {
        for (int i = 0; i < x.shape.m; ++i) {
          const auto at = static_cast<std::size_t>(i + x.shape.ldc * j);
          CHECK(written[at] == from_zero[at]);
        }
      }
      auto twice = from_zero;
      add(x.a.data(), x.b.data(), twice.data());
      CHECK(twice[3] == Approx(2 * from_zero[3]));
    }
  }
}

TEMPLATE_TEST_CASE("Product: a column does not depend on the other columns' values", "[math][gemm]",
                   float, double) {
  for (const Backend backend : backends()) {
    CAPTURE(static_cast<int>(backend));
    for (const int n : {2, 7, 16, 17}) {
      for (const int k : {1, 20, 100, 300}) {
        CAPTURE(n, k);
        const Operands<TestType> x(64, n, k, 0, false, true);
        auto c = x.c;
        const Product<TestType> product(x.shape, backend);
        product(x.a.data(), x.b.data(), c.data());
        for (int kept = 0; kept < n; ++kept) {
          auto b = noise<TestType>(x.b.size(), 9), other = noise<TestType>(x.c.size(), 10);
          std::copy_n(x.b.begin() + kept * x.shape.ldb, k, b.begin() + kept * x.shape.ldb);
          std::copy_n(x.c.begin() + kept * x.shape.ldc, 64, other.begin() + kept * x.shape.ldc);
          product(x.a.data(), b.data(), other.data());
          CHECK(std::equal(c.begin() + kept * x.shape.ldc, c.begin() + kept * x.shape.ldc + 64,
                           other.begin() + kept * x.shape.ldc));
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("Product: outer products over more steps, the rest zero, are the same bits",
                   "[math][gemm]", float, double) {
  // What makes padding a sequence harmless.
  if (!available(Backend::xsmm)) {
    WARN("skipped: only libxsmm promises it, and it is not built in");
    return;
  }
  for (const int m : {16, 48, 64}) {
    for (const int n : {1, 2, 3, 5, 8, 11, 12, 16, 37}) {
      for (const int k : {1, 3, 16, 37, 64, 100}) {
        for (const int more : {1, 3, 16, 140}) {
          Operands<TestType> x(m, n, k + more, 0, true, true);
          std::fill(x.a.begin() + m * k, x.a.end(), TestType{0});
          auto longer = x.c, shorter = x.c;
          Product<TestType>(x.shape)(x.a.data(), x.b.data(), longer.data());
          x.shape.k = k;
          Product<TestType>(x.shape)(x.a.data(), x.b.data(), shorter.data());
          if (longer != shorter) {
            CAPTURE(m, n, k, more);
            CHECK(longer == shorter);
          }
        }
      }
    }
  }
  SUCCEED();
}

TEST_CASE("Product: columns that overlap are a mistake", "[math][gemm]") {
  const ProductShape good{.m = 16, .n = 3, .k = 5, .lda = 16, .ldb = 5, .ldc = 16};
  CHECK_NOTHROW(Product<float>{good});
  for (int wrong = 0; wrong < 4; ++wrong) {
    ProductShape shape = good;
    if (wrong == 0) shape.lda = 15;
    if (wrong == 1) shape.ldb = 4;
    if (wrong == 2) shape.ldc = 15;
    if (wrong == 3) {
      shape.transpose_b = true;
      shape.ldb = 2;
    }
    CHECK_THROWS_AS(Product<float>{shape}, std::logic_error);
  }
}

TEST_CASE("Product: the best backend is available and has a name", "[math][gemm]") {
  CHECK(available(best_backend()));
  CHECK(available(Backend::naive));
  CHECK((backend_name().find("libxsmm") == 0) == (best_backend() == Backend::xsmm));
}
