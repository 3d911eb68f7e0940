#include "nn/layers/initial_state.hpp"

#include <catch2/catch.hpp>

#include "nn/cells/cells.hpp"
#include "nn/layers/layer_run.hpp"
#include "nn/layers/recurrent.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int H = 19, I = 3, T = 10, b = 4;

RecurrentOptions options(const char* cell, const char* activation, const char* kind) {
  return {.cell = cell,
          .activation = activation,
          .inputs = I,
          .hidden = H,
          .suffix = "_l2",
          .h0 = {.kind = kind, .scale = 0.5}};
}

const bool fresh[b] = {true, false, true, false};

/// A layer, its input and what arrives from above; columns 1 and 3 enter with a carried state.
struct Run : LayerRun<double> {
  OwnedSeq<double> x, dy;
  std::vector<double> values, carried;

  explicit Run(const RecurrentOptions& o)
      : LayerRun(make_recurrent<double>(o), T, b),
        x(float_noise(T * b * I, 1, 2), T, b, I, I, 0),
        dy(float_noise(T * b * H, 1, 3), T, b, H, round_up(H, lanes<double>), 0),
        values(float_noise(layout.size(), 0.4, 1)),
        carried(float_noise(static_cast<std::size_t>(b * layer->state_size()), 1, 4)) {}

  Seq<double> go(const bool* begins) {
    set(values);
    state = carried;
    return layer->forward(packed.data(), x.view(), frame.data(),
                          {.carried = {state.data(), layer->state_size(), begins}});
  }
  /// Σ dy · y
  double objective(const bool* begins) {
    const Seq<double> y = go(begins);
    double sum = 0;
    for (int t = 0; t < T; ++t) {
      for (int column = 0; column < b; ++column) {
        for (int u = 0; u < H; ++u) sum += dy.view().at(t, column)[u] * y.at(t, column)[u];
      }
    }
    return sum;
  }
  std::vector<double> differentiate(const bool* begins) {
    go(begins);
    std::fill_n(slab.data(), slab.size(), 0.0);
    backward(x.view(), {.every = dy.view()});
    return gradient();
  }

 private:
  std::vector<double> state;
};

std::vector<Parameter> states_of(const ParamLayout& layout) {
  std::vector<Parameter> found;
  for (const Parameter& p : layout) {
    if (p.name == "h0_l2" || p.name == "c0_l2") found.push_back(p);
  }
  return found;
}

}  // namespace

TEST_CASE("initial state: its gradient is that of the columns that start from it",
          "[nn][layers][initial_state]") {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    Run run(options(Cell::name, Cell::activation, "learned"));
    const auto states = states_of(run.layout);
    REQUIRE(states.size() == Cell::carry);
    const std::vector<double> gradient = run.differentiate(fresh);
    for (const Parameter& p : states) {
      CHECK(p.trained);
      double difference = 0, norm = 0;
      for (std::size_t i = p.offset; i < p.offset + p.size(); ++i) {
        constexpr double h = 1e-5;
        const double at = run.values[i];
        run.values[i] = at + h;
        const double above = run.objective(fresh);
        run.values[i] = at - h;
        const double numeric = (above - run.objective(fresh)) / (2 * h);
        run.values[i] = at;
        difference += std::pow(gradient[i] - numeric, 2);
        norm += numeric * numeric;
      }
      CHECK(norm > 0);
      CHECK(std::sqrt(difference / norm) < 1e-6);
    }

    const bool none[b] = {};
    const std::vector<double> carried = run.differentiate(none);
    for (const Parameter& p : states) {
      for (std::size_t i = p.offset; i < p.offset + p.size(); ++i) CHECK(carried[i] == 0);
    }
  });
}

TEST_CASE("initial state: zero is no parameter, and learned starts as it",
          "[nn][layers][initial_state]") {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    Run zero(options(Cell::name, Cell::activation, "zero"));
    Run learned(options(Cell::name, Cell::activation, "learned"));
    CHECK(states_of(zero.layout).empty());
    REQUIRE(learned.layout.size() == zero.layout.size() + H * Cell::carry);
    std::vector<double> start(learned.layout.size(), 7);
    learned.layer->initialize({1, Stream::parameters}, start.data());
    for (const Parameter& p : states_of(learned.layout)) {
      for (std::size_t u = 0; u < p.size(); ++u) {
        CHECK(start[p.offset + u] == 0);
        learned.values[p.offset + u] = 0;
      }
    }
    CHECK(dense_copy<double>(zero.go(fresh)) == dense_copy<double>(learned.go(fresh)));
    auto gradient = learned.differentiate(fresh);
    gradient.resize(zero.layout.size());
    CHECK(gradient == zero.differentiate(fresh));
  });
}

TEST_CASE("initial state: random is drawn once, of its scale, and not trained",
          "[nn][layers][initial_state]") {
  RecurrentOptions o = options("lstm", "tanh", "random");
  o.hidden = 2000;
  const auto layer = make_recurrent<double>(o);
  ParamLayout layout;
  layer->declare(layout);
  std::vector<double> theta(layout.size()), again(layout.size());
  layer->initialize({1, Stream::parameters}, theta.data());
  layer->initialize({1, Stream::parameters}, again.data());
  CHECK(theta == again);
  const auto states = states_of(layout);
  REQUIRE(states.size() == 2);
  for (const Parameter& p : states) {
    CHECK_FALSE(p.trained);
    double mean = 0, square = 0;
    for (std::size_t u = 0; u < p.size(); ++u) {
      mean += theta[p.offset + u] / 2000;
      square += std::pow(theta[p.offset + u], 2) / 2000;
    }
    CHECK(std::abs(mean) < 4 * 0.5 / std::sqrt(2000));
    CHECK(std::abs(square - 0.25) < 4 * 0.25 * std::sqrt(2.0 / 2000));
  }
  CHECK(theta[states[0].offset] != theta[states[1].offset]);

  // The same values give the same states, trained or not.
  Run random(options("gru", "tanh", "random")), learned(options("gru", "tanh", "learned"));
  CHECK(dense_copy<double>(random.go(fresh)) == dense_copy<double>(learned.go(fresh)));
}
