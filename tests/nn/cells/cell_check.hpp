#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <unsupported/Eigen/AutoDiff>

#include "base/rng.hpp"
#include "nn/cells/cell.hpp"

namespace rnnlab::test {

/// A cell's pre-activations, state, weights of its own and what comes back from the step after, at
/// a random point.
template <class Cell, class S>
struct CellPoint {
  std::array<S, Cell::slots> a;
  std::array<S, Cell::carry> s, ds_next;
  std::array<S, Cell::params> p;

  explicit CellPoint(Rng& rng) {
    // Further out 1 − tanh² loses digits, in the rule as in the reference.
    for (S& v : a) v = static_cast<S>(4 * rng.uniform() - 2);
    for (S& v : s) v = static_cast<S>(2 * rng.uniform() - 1);
    for (S& v : ds_next) v = static_cast<S>(rng.normal());
    for (S& v : p) v = static_cast<S>(2 * rng.uniform() - 1);
  }
};

/// The exact Jacobian of a cell's forward rule by dual numbers: ∂s'_j/∂a_i in column i,
/// ∂s'_j/∂s_i in column slots + i, ∂s'_j/∂p_i in column slots + carry + i.
template <class Cell>
Eigen::Matrix<double, Cell::carry, Cell::slots + Cell::carry + Cell::params> jacobian(
    const CellPoint<Cell, double>& point) {
  constexpr int N = Cell::slots + Cell::carry + Cell::params;
  using Dual = Eigen::AutoDiffScalar<Eigen::Matrix<double, N, 1>>;
  std::array<Dual, Cell::slots> a;
  std::array<Dual, Cell::carry> s, s_next;
  std::array<Dual, Cell::params> p;
  std::array<Dual, Cell::saved> keep;
  for (int i = 0; i < Cell::slots; ++i) a[i] = Dual(point.a[i], N, i);
  for (int i = 0; i < Cell::carry; ++i) s[i] = Dual(point.s[i], N, Cell::slots + i);
  for (int i = 0; i < Cell::params; ++i) {
    p[i] = Dual(point.p[i], N, Cell::slots + Cell::carry + i);
  }
  forward_of<Cell>(a, s, p, s_next, keep);
  Eigen::Matrix<double, Cell::carry, N> result;
  for (int j = 0; j < Cell::carry; ++j) result.row(j) = s_next[j].derivatives().transpose();
  return result;
}

/// The backward rule on doubles at a point, with the values that it is entitled to.
template <class Cell>
struct CellGradient {
  std::array<double, Cell::slots> da;
  std::array<double, Cell::carry> s_next, ds;
  std::array<double, Cell::saved> keep;
  std::array<double, Cell::params> dp;

  explicit CellGradient(const CellPoint<Cell, double>& point) {
    da.fill(std::nan(""));
    ds.fill(std::nan(""));
    dp.fill(std::nan(""));
    forward_of<Cell>(point.a, point.s, point.p, s_next, keep);
    backward_of<Cell>(point.ds_next, point.s, s_next, keep, point.p, da, ds, dp);
  }
};

/// The largest error of a cell's hand-written backward rule over `points` random points, relative
/// to the terms' absolute sum: of ∂L/∂a, of ∂L/∂p, of ∂L/∂s where the cell names a direct path, and
/// of the claim that there is none where it does not. Infinite if something is not a number.
template <class Cell>
double backward_error(int points) {
  double worst = 0;
  Rng rng({1, Stream::test}, 0);
  for (int k = 0; k < points; ++k) {
    const CellPoint<Cell, double> point(rng);
    const auto J = jacobian(point);
    const CellGradient<Cell> gradient(point);
    const auto compare = [&](double value, int column) {
      double exact = 0, magnitude = 1e-300;
      for (int j = 0; j < Cell::carry; ++j) {
        exact += point.ds_next[j] * J(j, column);
        magnitude += std::abs(point.ds_next[j] * J(j, column));
      }
      const double error = std::abs(value - exact) / magnitude;
      worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
    };
    for (int i = 0; i < Cell::slots; ++i) compare(gradient.da[i], i);
    for (int i = 0; i < Cell::carry; ++i) {
      compare(Cell::direct[i] ? gradient.ds[i] : 0.0, Cell::slots + i);
    }
    for (int i = 0; i < Cell::params; ++i) {
      compare(gradient.dp[i], Cell::slots + Cell::carry + i);
    }
  }
  return worst;
}

}  // namespace rnnlab::test
