// The regulariser of Pascanu, Mikolov and Bengio (2013) against its definition on the tape.
#include <catch2/catch.hpp>

#include "nn/cells/cells.hpp"
#include "nn/layers/layer_run.hpp"
#include "nn/layers/recurrent.hpp"
#include "reference/recurrent.hpp"
#include "reference/tape.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using reference::Named;
using reference::Tape;
using reference::Var;
using reference::Vector;

namespace {

constexpr int H = 9, I = 2, T = 11, b = 3;
const std::array<double, b> weight{1, 2.5, 0.5};
const std::array<int, b> length{T, 4, 9};

struct Problem {
  RecurrentOptions options;
  ParamLayout layout;
  std::vector<double> theta, x, last, every;

  Problem(const char* cell, const char* activation)
      : options{.cell = cell,
                .activation = activation,
                .inputs = I,
                .hidden = H,
                .h0 = {.kind = "learned"}} {
    make_recurrent<double>(options)->declare(layout);
    theta = float_noise(layout.size(), 0.35, 1);
    x = float_noise(T * b * I, 1, 2);
    last = float_noise(b * H, 1, 3);
    every = float_noise(T * b * H, 0.1, 4);
    for (int t = 0; t < T; ++t) {
      for (int column = 0; column < b; ++column) {
        const auto k = static_cast<std::size_t>(column);
        for (std::size_t u = 0; u < H; ++u) {
          double& dy = every[(static_cast<std::size_t>(t) * b + k) * H + u];
          dy = t < length[k] ? weight[k] * dy : 0;
        }
      }
    }
    for (std::size_t k = 0; k < b; ++k) {
      for (std::size_t u = 0; u < H; ++u) last[k * H + u] *= weight[k];
    }
  }
  const Parameter& parameter(const std::string& name) const {
    return *std::find_if(layout.begin(), layout.end(),
                         [&](const Parameter& p) { return p.name == name; });
  }
};

struct Answer {
  std::vector<double> gradient;
  std::array<double, b> value{};
};

Answer ours(const Problem& p, double strength, double upstream = 1) {
  LayerRun<double> run(make_recurrent<double>(p.options), T, b);
  run.set(p.theta);
  const OwnedSeq<double> x(p.x, T, b, I, I, 0);
  const auto scaled = [&](std::vector<double> dy) {
    for (double& v : dy) v *= upstream;
    return dy;
  };
  const int Hp = round_up(H, lanes<double>);
  const OwnedSeq<double> last(scaled(p.last), 1, b, H, Hp, 0),
      every(scaled(p.every), T, b, H, Hp, 0);
  Seq<const double> input = x.view();
  input.length = length.data();
  run.layer->forward(run.packed.data(), input, run.frame.data());
  Answer answer;
  const std::array<double, b> scale{1 / weight[0], 1 / weight[1], 1 / weight[2]};
  const Omega omega{strength, weight.data(), answer.value.data()};
  run.layer->backward(run.packed.data(), input,
                      {.every = every.view(), .last = last.view(), .length = length.data()},
                      run.slab.data(), run.frame.data(),
                      {.ld = b, .scale = scale.data(), .omega = strength > 0 ? &omega : nullptr});
  answer.gradient = run.gradient();
  return answer;
}

/// One pair of steps with everything but W_hh frozen: v(W) = v + (W − W_hh)^T da.
struct Pair {
  int column;
  double delta;  // ‖δ_{t+1}‖
  std::vector<double> v, da;
};

double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum);
}

/// By the textbook: the adjoints of every state, then each step on a tape of its own.
std::vector<Pair> pairs(const Problem& p) {
  std::vector<Pair> all;
  for (int column = 0; column < b; ++column) {
    const auto k = static_cast<std::size_t>(column);
    Vector<Vector<Var>> x;
    for (int t = 0; t < length[k]; ++t) {
      const auto at = (static_cast<std::size_t>(t) * b + k) * I;
      x.push_back({p.x[at], p.x[at + 1]});
    }
    Tape tape;
    Vector<Var> theta;
    for (const double v : p.theta) theta.emplace_back(tape, v);
    const auto states = reference::recurrent(Named<Var>(p.layout, theta), p.options, "_l0", x);
    for (std::size_t t = 0; t < x.size(); ++t) {
      for (std::size_t u = 0; u < H; ++u) {
        states.h[t][u].seed(p.every[(t * b + k) * H + u]);
        if (t + 1 == x.size()) states.h[t][u].seed(p.last[k * H + u]);
      }
    }
    tape.sweep();
    for (std::size_t t = 0; t + 1 < x.size(); ++t) {
      // From (h_t, c_t) to step t + 1: its initial state.
      auto one = p.theta;
      for (std::size_t u = 0; u < H; ++u) {
        one[p.parameter("h0_l0").offset + u] = states.h[t][u].value();
        if (!states.c.empty()) one[p.parameter("c0_l0").offset + u] = states.c[t][u].value();
      }
      // What c_{t+1} passes on to later steps is what it has beyond its share in h_{t+1}.
      std::vector<double> later(H);
      Pair pair{column, 0, {}, {}};
      for (const bool whole : {false, true}) {
        Tape step;
        Vector<Var> parameters;
        for (const double v : one) parameters.emplace_back(step, v);
        const auto next = reference::recurrent(Named<Var>(p.layout, parameters), p.options, "_l0",
                                               Vector<Vector<Var>>{x[t + 1]});
        std::vector<double> delta;
        for (std::size_t u = 0; u < H; ++u) {
          delta.push_back(states.h[t + 1][u].adjoint());
          next.h[0][u].seed(delta.back());
          if (whole && !next.c.empty()) next.c[0][u].seed(later[u]);
        }
        step.sweep();
        for (std::size_t u = 0; u < H && !next.c.empty() && !whole; ++u) {
          later[u] = states.c[t + 1][u].adjoint() - next.c[0][u].adjoint();
        }
        if (!whole) continue;
        pair.delta = norm(delta);
        const auto adjoints = [&](const std::string& name) {
          std::vector<double> values;
          const Parameter& of = p.parameter(name);
          for (std::size_t i = 0; i < of.size(); ++i)
            values.push_back(parameters[of.offset + i].adjoint());
          return values;
        };
        pair.v = adjoints("h0_l0");
        pair.da = adjoints("bias_hh_l0");
      }
      all.push_back(pair);
    }
  }
  return all;
}

/// Ω_b with W_hh moved by `step` at (row, column of the matrix).
std::array<double, b> omega(const std::vector<Pair>& pairs, std::size_t row, std::size_t at,
                            double step) {
  std::array<double, b> sum{};
  for (const Pair& pair : pairs) {
    auto v = pair.v;
    v[at] += step * pair.da[row];
    sum[static_cast<std::size_t>(pair.column)] += std::pow(norm(v) / pair.delta - 1, 2);
  }
  return sum;
}

}  // namespace

TEST_CASE("omega: value and immediate derivative by W_hh are the definition's",
          "[nn][layers][omega]") {
  for_each_cell([]<class Cell>(Cell) {
    // Where every unit is off there is no δ to divide by.
    if (std::string(Cell::activation) == "relu") return;
    CAPTURE(Cell::name, Cell::activation);
    const Problem p(Cell::name, Cell::activation);
    const auto all = pairs(p);
    REQUIRE(all.size() == T - 1 + 3 + 8);
    constexpr double strength = 0.7;
    const Answer plain = ours(p, 0), regularised = ours(p, strength);
    const auto right = omega(all, 0, 0, 0);
    for (std::size_t k = 0; k < b; ++k)
      CHECK(regularised.value[k] == Approx(right[k]).epsilon(1e-10));

    const Parameter& W = p.parameter("weight_hh_l0");
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < p.layout.size(); ++i) {
      const double got = regularised.gradient[i] - plain.gradient[i];
      if (i < W.offset || i >= W.offset + W.size()) {
        CHECK(got == 0);
        continue;
      }
      constexpr double h = 1e-5;
      const std::size_t row = (i - W.offset) / H, at = (i - W.offset) % H;
      const auto above = omega(all, row, at, h), below = omega(all, row, at, -h);
      double exact = 0;
      for (std::size_t k = 0; k < b; ++k) {
        exact += weight[k] * strength * (above[k] - below[k]) / (2 * h);
      }
      difference += std::pow(got - exact, 2);
      size += exact * exact;
    }
    CHECK(size > 0);
    CHECK(std::sqrt(difference / size) < 1e-7);
  });
}

TEST_CASE("omega: where nothing flows there is nothing to keep", "[nn][layers][omega]") {
  const Problem p("elman", "tanh");
  const Answer plain = ours(p, 0, 1e-13), regularised = ours(p, 1, 1e-13);
  CHECK(regularised.gradient == plain.gradient);
  for (const double value : regularised.value) CHECK(value == 0);
}
