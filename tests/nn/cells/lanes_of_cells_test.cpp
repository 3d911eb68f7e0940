#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "nn/cells/cell_check.hpp"
#include "nn/cells/cells.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

template <class S, std::size_t N>
void put(std::array<Lane<S>, N>& to, int lane, const std::array<S, N>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i][lane] = from[i];
}

template <class S, std::size_t N>
std::array<double, N> get(const std::array<Lane<S>, N>& from, int lane) {
  std::array<double, N> to;
  for (std::size_t i = 0; i < N; ++i) to[i] = static_cast<double>(from[i][lane]);
  return to;
}

template <std::size_t N>
std::array<double, N> widened(const auto& from) {
  std::array<double, N> to;
  for (std::size_t i = 0; i < N; ++i) to[i] = static_cast<double>(from[i]);
  return to;
}

template <std::size_t N>
double difference(const std::array<double, N>& a, const std::array<double, N>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const double error = std::abs(a[i] - b[i]) / (1 + std::abs(b[i]));
    worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
  }
  return worst;
}

/// The largest difference between a lane group of S and the same points one by one in double.
template <class Cell, class S>
double lane_error(int groups) {
  constexpr std::size_t slots = Cell::slots, carry = Cell::carry, saved = Cell::saved,
                        params = Cell::params;
  double worst = 0;
  Rng rng({4, Stream::test}, 0);
  for (int k = 0; k < groups; ++k) {
    std::array<Lane<S>, slots> a, da;
    std::array<Lane<S>, carry> s, s_next, ds_next, ds;
    std::array<Lane<S>, saved> keep;
    std::array<Lane<S>, params> p, dp;
    std::vector<CellPoint<Cell, S>> points;
    for (int lane = 0; lane < lanes<S>; ++lane) {
      points.emplace_back(rng);
      put(a, lane, points.back().a);
      put(s, lane, points.back().s);
      put(ds_next, lane, points.back().ds_next);
      put(p, lane, points.back().p);
    }
    for (auto& v : ds) v.setZero();
    forward_of<Cell>(a, s, p, s_next, keep);
    backward_of<Cell>(ds_next, s, s_next, keep, p, da, ds, dp);
    for (int lane = 0; lane < lanes<S>; ++lane) {
      const auto& point = points[static_cast<std::size_t>(lane)];
      const auto a1 = widened<slots>(point.a);
      const auto s1 = widened<carry>(point.s), ds_next1 = widened<carry>(point.ds_next);
      std::array<double, slots> da1;
      std::array<double, carry> s_next1, ds1{};
      std::array<double, saved> keep1;
      const auto p1 = widened<params>(point.p);
      std::array<double, params> dp1;
      forward_of<Cell>(a1, s1, p1, s_next1, keep1);
      backward_of<Cell>(ds_next1, s1, s_next1, keep1, p1, da1, ds1, dp1);
      worst = std::max({worst, difference(get(s_next, lane), s_next1),
                        difference(get(keep, lane), keep1), difference(get(da, lane), da1),
                        difference(get(ds, lane), ds1), difference(get(dp, lane), dp1)});
    }
  }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("cells: a lane group computes what single doubles do, to rounding",
                   "[nn][cells]", float, double) {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    CHECK(lane_error<Cell, TestType>(500) <=
          16 * static_cast<double>(std::numeric_limits<TestType>::epsilon()));
  });
}
