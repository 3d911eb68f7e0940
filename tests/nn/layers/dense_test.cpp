#include "nn/layers/dense.hpp"

#include <catch2/catch.hpp>

#include "nn/layers/layer_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

struct Case {
  int I, O, T, b;
  bool bias = true;
};

const std::vector<Case> cases{{1, 1, 1, 1},    {5, 2, 3, 4},         {16, 1, 1, 16},
                              {37, 10, 17, 3}, {64, 64, 2, 16},      {100, 17, 16, 1},
                              {20, 70, 18, 5}, {37, 10, 4, 3, false}};

/// y = W x + b and its gradients by the textbook.
struct Textbook {
  std::vector<double> theta, x, dy, y, dx, gradient;

  explicit Textbook(const Case& c)
      : theta(float_noise(static_cast<std::size_t>(c.O * c.I + (c.bias ? c.O : 0)), 0.3, 1)),
        x(float_noise(static_cast<std::size_t>(c.T * c.b * c.I), 1, 2)),
        dy(float_noise(static_cast<std::size_t>(c.T * c.b * c.O), 1, 3)),
        dx(x.size()),
        gradient(theta.size()) {
    const auto I = static_cast<std::size_t>(c.I), O = static_cast<std::size_t>(c.O);
    for (std::size_t column = 0; column < x.size() / I; ++column) {
      for (std::size_t o = 0; o < O; ++o) {
        double sum = c.bias ? theta[O * I + o] : 0;
        const double d = dy[column * O + o];
        for (std::size_t i = 0; i < I; ++i) {
          sum += theta[o * I + i] * x[column * I + i];
          dx[column * I + i] += theta[o * I + i] * d;
          gradient[o * I + i] += d * x[column * I + i];
        }
        y.push_back(sum);
        if (c.bias) gradient[O * I + o] += d;
      }
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("dense: forward and gradients are the textbook's", "[nn][layers][dense]", float,
                   double) {
  using S = TestType;
  const double bar = sizeof(S) == 4 ? 1e-5 : 1e-13;
  for (const Case& c : cases) {
    CAPTURE(c.I, c.O, c.T, c.b, c.bias);
    const Textbook exact(c);
    LayerRun<S> run(make_dense<S>({.inputs = c.I, .outputs = c.O, .bias = c.bias}), c.T, c.b);
    run.set(exact.theta);
    const OwnedSeq<S> x(exact.x, c.T, c.b, c.I, round_up(c.I, lanes<S>), std::nan(""));
    const OwnedSeq<S> dy(exact.dy, c.T, c.b, c.O, round_up(c.O, lanes<S>), 0);

    const Seq<S> y = run.forward(x.view());
    CHECK(relative_error(dense_copy<S>(y), exact.y) <= bar);
    std::size_t padding = 0;
    for (int t = 0; t < c.T; ++t) {
      for (int b = 0; b < c.b; ++b) {
        for (int f = c.O; f < y.ld; ++f) padding += y.at(t, b)[f] != 0;
      }
    }
    CHECK(y.ld % lanes<S> == 0);
    CHECK(padding == 0);

    const Seq<const S> dx = run.backward(x.view(), {.every = dy.view()});
    CHECK(dx.F == c.I);
    CHECK(relative_error(dense_copy<S>(dx), exact.dx) <= bar);
    CHECK(relative_error(run.layout, run.gradient(), exact.gradient) <= bar);

    run.backward(x.view(), {.every = dy.view()});
    CHECK(relative_error(run.layout, run.gradient(0.5), exact.gradient) <= bar);
  }
}

TEST_CASE("dense: names and shapes", "[nn][layers][dense]") {
  ParamLayout layout;
  make_dense<float>({.inputs = 7, .outputs = 3})->declare(layout);
  make_dense<float>({.inputs = 7, .outputs = 3, .bias = false, .prefix = "second."})
      ->declare(layout);
  REQUIRE(layout.count() == 3);
  CHECK(layout[0].name == "output.weight");
  CHECK(layout[0].rows == 3);
  CHECK(layout[0].columns == 7);
  CHECK(layout[1].name == "output.bias");
  CHECK(layout[1].rows == 3);
  CHECK(layout[1].columns == 0);
  CHECK(layout[2].name == "second.weight");
}
