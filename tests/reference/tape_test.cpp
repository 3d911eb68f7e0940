#include "reference/tape.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab::reference;

namespace {

/// Uses every operation, and values more than once.
template <class V>
V formula(const V& x, const V& y) {
  using std::exp;
  using std::log;
  using std::tanh;
  const V p = x * y + V(0.5);
  V sum = tanh(p) / (V(1) + exp(-x)) - y * y;
  sum += log(p * p + x * x);
  return sum < V(0) ? V(2) * sum : sum * p;
}

}  // namespace

TEST_CASE("tape: derivatives are the limits of differences", "[reference]") {
  for (const double x : {-1.3, 0.2, 2.0}) {
    for (const double y : {-0.8, 0.4, 1.7}) {
      Tape tape;
      const Var vx(tape, x), vy(tape, y);
      const Var result = formula(vx, vy);
      CHECK(result.value() == Approx(formula(x, y)).epsilon(1e-14));
      result.seed(1);
      tape.sweep();
      constexpr double h = 1e-6;
      CHECK(vx.adjoint() ==
            Approx((formula(x + h, y) - formula(x - h, y)) / (2 * h)).epsilon(1e-7));
      CHECK(vy.adjoint() ==
            Approx((formula(x, y + h) - formula(x, y - h)) / (2 * h)).epsilon(1e-7));
    }
  }
}

TEST_CASE("tape: constants have no derivative, seeds add up", "[reference]") {
  Tape tape;
  const Var x(tape, 3), c(5), y = x * c, z = x * x;
  y.seed(2);
  z.seed(1);
  z.seed(0.5);
  tape.sweep();
  CHECK(x.adjoint() == 2 * 5 + 1.5 * 6);
  CHECK(c.adjoint() == 0);
  CHECK(y.adjoint() == 2);
}
