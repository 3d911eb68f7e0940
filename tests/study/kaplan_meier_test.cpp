#include "study/kaplan_meier.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace rnnlab;

namespace {

/// Weeks to relapse under 6-mercaptopurine: Freireich et al. 1963, the textbooks' example.
std::vector<Passage> freireich() {
  std::vector<Passage> passages;
  for (const double week : {6, 6, 6, 7, 10, 13, 16, 22, 23}) passages.push_back({week, true});
  for (const double week : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
    passages.push_back({week, false});
  return passages;
}

}  // namespace

TEST_CASE("the curve and Greenwood's error are the textbook's") {
  struct Expected {
    double week;
    std::size_t at_risk, events;
    double survival, error;  // as printed there
    Interval ci;  // roots of |share − q| = z √(q (1 − q) / m), m = S (1 − S) / error²
  };
  const std::vector<ReachedShare> curve = kaplan_meier(freireich());
  const std::vector<Expected> expected{
      {6, 21, 3, 0.857, 0.0764, {0.04981012499725273, 0.34636060280620934}},
      {7, 17, 1, 0.807, 0.0869, {0.07773710287905716, 0.4051118294294054}},
      {10, 15, 1, 0.753, 0.0963, {0.11004044141677372, 0.4654568110924605}},
      {13, 12, 1, 0.690, 0.1068, {0.148715345360881, 0.5355997196473337}},
      {16, 11, 1, 0.627, 0.1141, {0.19085475426814796, 0.599137321278836}},
      {22, 7, 1, 0.538, 0.1282, {0.24528740183231917, 0.6944075371851492}},
      {23, 6, 1, 0.448, 0.1346, {0.307125304739998, 0.7737578654672519}}};
  REQUIRE(curve.size() == expected.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    CHECK(curve[i].step == expected[i].week);
    CHECK(curve[i].at_risk == expected[i].at_risk);
    CHECK(curve[i].events == expected[i].events);
    CHECK(1 - curve[i].share == Approx(expected[i].survival).margin(5e-4));
    CHECK(curve[i].standard_error == Approx(expected[i].error).margin(5.1e-5));
    CHECK(curve[i].ci.low == Approx(expected[i].ci.low).epsilon(1e-9));
    CHECK(curve[i].ci.high == Approx(expected[i].ci.high).epsilon(1e-9));
  }
  CHECK(reached_quantile(curve, 0.25) == 13);
  CHECK(reached_quantile(curve, 0.5) == 23);
  CHECK(reached_quantile(curve, 0.75) == INFINITY);
  CHECK(reached_quantile_interval(curve, 0.5).low == 13);
  CHECK(reached_quantile_interval(curve, 0.5).high == INFINITY);
}

TEST_CASE("with nobody censored before, the curve is the share that got there") {
  const auto curve = kaplan_meier({{300, true}, {100, true}, {INFINITY, false}, {400, false}});
  REQUIRE(curve.size() == 2);
  CHECK(curve[0].share == Approx(0.25));
  CHECK(curve[1].share == Approx(0.5));
  for (const std::int64_t k : {1, 2}) {
    const Interval ci = curve[static_cast<std::size_t>(k - 1)].ci;
    CHECK(ci.low == Approx(wilson(k, 4).low).epsilon(1e-12));
    CHECK(ci.high == Approx(wilson(k, 4).high).epsilon(1e-12));
  }
  CHECK(reached_quantile(curve, 0.5) == 300);
  CHECK(reached_quantile(curve, 0.51) == INFINITY);
}

TEST_CASE("a run that stopped early says nothing of what came later, one that died says never") {
  const auto curve_with = [](Passage third) {
    return kaplan_meier({{100, true}, {500, true}, third});
  };
  CHECK(curve_with({200, false})[1].share == 1);
  CHECK(curve_with({INFINITY, false})[1].share == Approx(2.0 / 3));
  CHECK(curve_with({200, false})[1].at_risk == 1);
}

TEST_CASE("a curve that ends with all of them, and one that never begins") {
  const auto all = kaplan_meier({{10, true}, {10, true}, {20, true}});
  REQUIRE(all.size() == 2);
  CHECK(all[1].share == 1);
  CHECK(std::isnan(all[1].standard_error));
  CHECK(all[1].ci.high == 1);
  CHECK(all[1].ci.low == Approx(wilson(3, 3).low).epsilon(1e-9));
  const auto at_once = kaplan_meier({{10, true}, {10, true}});
  CHECK(at_once[0].ci.low == Approx(wilson(2, 2).low).epsilon(1e-9));
  CHECK(kaplan_meier({{10, false}, {INFINITY, false}}).empty());
  CHECK(reached_quantile({}, 0.5) == INFINITY);
  // Thirds that do not add up to a half exactly, and halves that must.
  const auto sixths =
      kaplan_meier({{1, true}, {2, true}, {3, true}, {4, true}, {5, true}, {6, true}});
  CHECK(reached_quantile(sixths, 0.5) == 3);
}
