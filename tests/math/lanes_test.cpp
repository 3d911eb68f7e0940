#include "math/lanes.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <unsupported/Eigen/AutoDiff>
#include <vector>

#include "base/arena.hpp"

using namespace rnnlab;

namespace {

template <class S>
constexpr S infinity = std::numeric_limits<S>::infinity();
template <class S>
constexpr S not_a_number = std::numeric_limits<S>::quiet_NaN();

/// f on whole lane groups, element by element.
template <class S, class F>
std::vector<S> by_lanes(std::vector<S> x, F&& f) {
  const std::size_t n = x.size();
  constexpr auto L = static_cast<std::size_t>(lanes<S>);
  const Slab<S> memory((n + L - 1) / L * L);
  std::copy(x.begin(), x.end(), memory.data());
  for (std::size_t i = 0; i < n; i += L) store<S>(memory.data() + i, f(load(memory.data() + i)));
  std::copy_n(memory.data(), n, x.begin());
  return x;
}

template <class S>
std::vector<S> sweep(double from, double to) {
  constexpr int points = 20011;
  std::vector<S> x;
  for (int i = 0; i < points; ++i) x.push_back(static_cast<S>(from + (to - from) * i / points));
  return x;
}

/// The largest error relative to `exact`, in units of the type's epsilon.
template <class S, class F>
double worst_error(const std::vector<S>& x, const std::vector<S>& y, F&& exact) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double value = exact(static_cast<long double>(x[i]));
    const long double error = std::abs(static_cast<long double>(y[i]) - value);
    const auto relative = static_cast<double>(
        error / (std::abs(value) * static_cast<long double>(std::numeric_limits<S>::epsilon()) +
                 static_cast<long double>(std::numeric_limits<S>::denorm_min())));
    if (!(relative <= worst)) worst = relative;
  }
  return worst;
}

long double exact_sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }
long double exact_tanh(long double x) { return std::tanh(x); }

const auto sigmoid_of = [](const auto& v) { return sigmoid(v); };
const auto tanh_of = [](const auto& v) { return hyperbolic_tangent(v); };
const auto rectify_of = [](const auto& v) { return rectify(v); };
const auto step_of = [](const auto& v) { return step(v); };

}  // namespace

TEMPLATE_TEST_CASE("lanes: sigmoid and tanh to rounding", "[math][lanes]", float, double) {
  const auto wide = sweep<TestType>(-80, 80), narrow = sweep<TestType>(-3, 3),
             tiny = sweep<TestType>(-1e-3, 1e-3);
  for (const auto& x : {wide, narrow, tiny}) {
    CHECK(worst_error(x, by_lanes(x, sigmoid_of), exact_sigmoid) < 4);
    CHECK(worst_error(x, by_lanes(x, tanh_of), exact_tanh) < 8);
  }
}

TEST_CASE("lanes: a single double goes the same way", "[math][lanes]") {
  const auto x = sweep<double>(-30, 30);
  std::vector<double> s, t;
  for (const double v : x) {
    s.push_back(sigmoid(v));
    t.push_back(hyperbolic_tangent(v));
    CHECK(rectify(v) == std::max(v, 0.0));
    CHECK(step(v) == (v > 0 ? 1.0 : 0.0));
  }
  CHECK(worst_error(x, s, exact_sigmoid) < 4);
  CHECK(worst_error(x, t, exact_tanh) < 4);
}

TEMPLATE_TEST_CASE("lanes: the ends of the line", "[math][lanes]", float, double) {
  using S = TestType;
  const S large = std::numeric_limits<S>::max();
  const std::vector<S> x{-infinity<S>, -large,  S(-1000), S(-0.0),
                         S(0),         S(1000), large,    infinity<S>};
  const auto s = by_lanes(x, sigmoid_of), t = by_lanes(x, tanh_of);
  for (const std::size_t low : {0u, 1u, 2u}) {
    CHECK(s[low] >= 0);
    CHECK(s[low] <= std::numeric_limits<S>::min());
    CHECK(t[low] == -1);
  }
  for (const std::size_t high : {5u, 6u, 7u}) {
    CHECK(s[high] == 1);
    CHECK(t[high] == 1);
  }
  CHECK(s[3] == S(0.5));
  CHECK(s[4] == S(0.5));
  CHECK(t[3] == 0);
  CHECK(t[4] == 0);
  CHECK(by_lanes(x, rectify_of) == std::vector<S>{0, 0, 0, 0, 0, S(1000), large, infinity<S>});
  CHECK(by_lanes(x, step_of) == std::vector<S>{0, 0, 0, 0, 0, 1, 1, 1});
}

TEMPLATE_TEST_CASE("lanes: a NaN stays one, and in its own lane", "[math][lanes]", float, double) {
  for (int lane = 0; lane < lanes<TestType>; ++lane) {
    std::vector<TestType> x(static_cast<std::size_t>(lanes<TestType>), TestType(0.25));
    x[static_cast<std::size_t>(lane)] = not_a_number<TestType>;
    for (const auto& y : {by_lanes(x, sigmoid_of), by_lanes(x, tanh_of), by_lanes(x, rectify_of)}) {
      for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(std::isnan(y[i]) == (i == static_cast<std::size_t>(lane)));
      }
    }
  }
  CHECK(std::isnan(sigmoid(not_a_number<double>)));
  CHECK(std::isnan(hyperbolic_tangent(not_a_number<double>)));
  CHECK(std::isnan(rectify(not_a_number<double>)));
}

TEST_CASE("lanes: derivatives come out of dual numbers", "[math][lanes]") {
  using Dual = Eigen::AutoDiffScalar<Eigen::Matrix<double, 1, 1>>;
  const auto derivative = [](auto f, double x) { return f(Dual(x, 1, 0)).derivatives()[0]; };
  for (const double x : {-3.0, -0.5, 0.0, 0.7, 5.0}) {
    CHECK(derivative(sigmoid_of, x) == Approx(sigmoid(x) * sigmoid(-x)).epsilon(1e-14));
    CHECK(derivative(tanh_of, x) == Approx(std::pow(std::cosh(x), -2)).epsilon(1e-14));
    CHECK(derivative(rectify_of, x) == (x > 0 ? 1.0 : 0.0));
    CHECK(derivative(step_of, x) == 0.0);
  }
}
