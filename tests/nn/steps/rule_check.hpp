#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <unsupported/Eigen/AutoDiff>

#include "base/rng.hpp"
#include "nn/steps/rule.hpp"

namespace rnnlab::test {

template <std::size_t N>
std::array<double, N> random_array(Rng& rng, double scale) {
  std::array<double, N> x;
  for (double& v : x) v = scale * (2 * rng.uniform() - 1);
  return x;
}

/// The largest error of a rule's hand-written backward over `points` random points against the
/// exact Jacobian by dual numbers, relative to the terms' absolute sum: infinite if something is
/// not a number.
template <class R>
double backward_error_of_rule(int points) {
  constexpr int P = params_of<R>(), N = R::slots + R::given + P;
  using Dual = Eigen::AutoDiffScalar<Eigen::Matrix<double, N, 1>>;
  double worst = 0;
  Rng rng({1, Stream::test}, 0);
  for (int k = 0; k < points; ++k) {
    const auto a = random_array<R::slots>(rng, 2);
    const auto s = random_array<R::given>(rng, 1);
    const auto p = random_array<P>(rng, 1);
    const auto dout = random_array<R::made>(rng, 1);
    std::array<Dual, R::slots> dual_a;
    std::array<Dual, R::given> dual_s;
    std::array<Dual, P> dual_p;
    std::array<Dual, R::made> dual_out;
    std::array<Dual, R::saved> dual_keep;
    for (int i = 0; i < R::slots; ++i) dual_a[i] = Dual(a[i], N, i);
    for (int i = 0; i < R::given; ++i) dual_s[i] = Dual(s[i], N, R::slots + i);
    for (int i = 0; i < P; ++i) dual_p[i] = Dual(p[i], N, R::slots + R::given + i);
    forward_of<R>(dual_a, dual_s, dual_p, dual_out, dual_keep);

    std::array<double, R::slots> da;
    std::array<double, R::given> ds;
    std::array<double, P> dp;
    std::array<double, R::made> out;
    std::array<double, R::saved> keep;
    da.fill(std::nan(""));
    ds.fill(std::nan(""));
    dp.fill(std::nan(""));
    forward_of<R>(a, s, p, out, keep);
    backward_of<R>(dout, s, out, keep, p, da, ds, dp);
    const auto compare = [&](double value, int column) {
      double exact = 0, magnitude = 1e-300;
      for (int j = 0; j < R::made; ++j) {
        const double term = dout[j] * dual_out[j].derivatives()[column];
        exact += term;
        magnitude += std::abs(term);
      }
      const double error = std::abs(value - exact) / magnitude;
      worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
    };
    for (int i = 0; i < R::slots; ++i) compare(da[i], i);
    for (int i = 0; i < R::given; ++i) compare(ds[i], R::slots + i);
    for (int i = 0; i < P; ++i) compare(dp[i], R::slots + R::given + i);
  }
  return worst;
}

}  // namespace rnnlab::test
