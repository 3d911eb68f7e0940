#include "nn/layers/recurrent.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "nn/cells/cells.hpp"
#include "nn/layers/recurrent_problem.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// A sample of sizes around the lane groups (8 doubles, 16 floats), blocks and time blocks (16).
const std::vector<Case> cases{
    {1, 1, 1, 1, From::every},
    {1, 3, 40, 3, From::last},
    {5, 3, 2, 3, From::both},
    {5, 20, 40, 16, From::every, false},
    {16, 1, 16, 16, From::last},
    {16, 20, 17, 1, From::every},
    {37, 20, 17, 3, From::both},
    {37, 1, 40, 1, From::last},
    {64, 3, 16, 3, From::every},
    {64, 20, 2, 16, From::last, false},
    {100, 3, 17, 1, From::both},
    {100, 20, 2, 3, From::every},
    {100, 1, 1, 16, From::last},
    {72, 3, 3, 3, From::both},
    {5, 3, 9, 3, From::both, true, "learned"},
    {37, 20, 1, 3, From::last, false, "learned"},
    {100, 3, 17, 2, From::every, true, "learned"},
};

template <class F>
void for_each_problem(F&& f) {
  for_each_cell([&]<class Cell>(Cell) {
    for (const Case& c : cases) {
      CAPTURE(Cell::name, Cell::activation, c.H, c.I, c.T, c.b, static_cast<int>(c.from), c.bias);
      f(Problem(c, {Cell::name, Cell::activation}));
    }
  });
}

}  // namespace

TEST_CASE("recurrent: forward and gradients are the textbook's", "[nn][layers][recurrent]") {
  for_each_problem([](const Problem& p) {
    const Answer exact = expected(p), ours = Production<double>(p).answer();
    ParamLayout layout;
    make_recurrent<double>(p.options)->declare(layout);
    CHECK(relative_error(ours.y, exact.y) <= 1e-12);
    CHECK(relative_error(ours.dx, exact.dx) <= 1e-10);
    CHECK(relative_error(layout, ours.gradient, exact.gradient) <= 1e-10);
  });
}

TEST_CASE("recurrent: float is double to float's rounding", "[nn][layers][recurrent]") {
  for_each_problem([](const Problem& p) {
    const Answer exact = Production<double>(p).answer(), ours = Production<float>(p).answer();
    ParamLayout layout;
    make_recurrent<double>(p.options)->declare(layout);
    CHECK(relative_error(ours.y, exact.y) <= 5e-6);
    CHECK(relative_error(ours.dx, exact.dx) <= 5e-5);
    // An LSTM whose input is not squashed is not bounded, and 40 steps of it lose most.
    CHECK(relative_error(layout, ours.gradient, exact.gradient) <= 2e-4);
  });
}

TEST_CASE("recurrent: gradients are the limits of differences", "[nn][layers][recurrent]") {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    const Problem p({20, 3, 18, 3, From::both, true, "learned"}, {Cell::name, Cell::activation});
    const Answer analytic = Production<double>(p).answer();
    CHECK(difference_error(p, &Problem::theta, analytic.gradient) <= 1e-6);
    CHECK(difference_error(p, &Problem::x, analytic.dx) <= 1e-6);
  });
}

TEST_CASE("recurrent: slabs add up, unpack scales and adds", "[nn][layers][recurrent]") {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    const Problem p({37, 3, 17, 3, From::both}, {Cell::name, Cell::activation});
    Production<double> ours(p);
    const Answer once = ours.answer();
    ours.answer();
    std::vector<double> twice = once.gradient;
    for (double& v : twice) v *= 2;
    const ParamLayout& layout = ours.run.layout;
    CHECK(relative_error(layout, ours.run.gradient(), twice) <= 1e-13);
    CHECK(relative_error(layout, ours.run.gradient(0.5), once.gradient) <= 1e-13);

    std::vector<double> onto(layout.size(), 100.0);
    ours.run.layer->unpack(ours.run.theta.data(), ours.run.slab.data(), 0.5, onto.data());
    for (double& v : onto) v -= 100;
    CHECK(relative_error(layout, onto, once.gradient) <= 1e-11);
  });
}

TEST_CASE("recurrent: forward and backward leave weights and input alone, and can be repeated",
          "[nn][layers][recurrent]") {
  const Problem p({37, 3, 17, 3, From::both}, {"gru", "tanh"});
  Production<float> ours(p);
  const auto packed =
      std::vector<float>(ours.run.packed.data(), ours.run.packed.data() + ours.run.packed.size());
  const Answer first = ours.answer();
  for (std::size_t i = 0; i < ours.run.slab.size(); ++i) ours.run.slab[i] = 0;
  const Answer second = ours.answer();
  CHECK(first.y == second.y);
  CHECK(first.dx == second.dx);
  CHECK(first.gradient == second.gradient);
  CHECK(std::equal(packed.begin(), packed.end(), ours.run.packed.data(),
                   [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
}

TEMPLATE_TEST_CASE("recurrent: a column is the same bits whatever the others hold",
                   "[nn][layers][recurrent]", float, double) {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    for (const int width : {3, 16}) {
      Problem p({37, 3, 18, width, From::both}, {Cell::name, Cell::activation});
      const Answer whole = Production<TestType>(p).answer();
      for (int kept : {0, width - 1}) {
        Problem other = p;
        const auto noise = float_noise(p.x.size(), 3, 99);
        for (int t = 0; t < p.c.T; ++t) {
          for (int b = 0; b < width; ++b) {
            if (b == kept) continue;
            for (std::size_t i = 0; i < 3; ++i)
              other.x[p.at(t, b, 3) + i] = noise[p.at(t, b, 3) + i];
          }
        }
        const Answer changed = Production<TestType>(other).answer();
        std::size_t different = 0;
        for (int t = 0; t < p.c.T; ++t) {
          for (std::size_t u = 0; u < 37; ++u) {
            different += changed.y[p.at(t, kept, 37) + u] != whole.y[p.at(t, kept, 37) + u];
          }
          for (std::size_t i = 0; i < 3; ++i) {
            different += changed.dx[p.at(t, kept, 3) + i] != whole.dx[p.at(t, kept, 3) + i];
          }
        }
        CHECK(different == 0);
        CHECK(changed.y != whole.y);
      }
    }
  });
}

TEST_CASE("recurrent: without an input gradient there is none", "[nn][layers][recurrent]") {
  Problem p({16, 3, 5, 3, From::every}, {"lstm", "tanh"});
  const Answer with = Production<double>(p).answer();
  p.options.input_gradient = false;
  Production<double> ours(p);
  ours.forward();
  CHECK(ours.run.backward(ours.x.view(), ours.upstream()).p == nullptr);
  CHECK(ours.run.gradient() == with.gradient);
}

TEST_CASE("recurrent: parameters are named and shaped as PyTorch's", "[nn][layers][recurrent]") {
  for_each_cell([]<class Cell>(Cell) {
    for (const bool bias : {true, false}) {
      ParamLayout layout;
      layout.add("before", 10, 0);
      const auto layer = make_recurrent<float>({.cell = Cell::name,
                                                .activation = Cell::activation,
                                                .inputs = 3,
                                                .hidden = 5,
                                                .bias = bias,
                                                .suffix = "_l7"});
      layer->declare(layout);
      const int rows = 5 * Cell::gates;
      REQUIRE(layout.count() == (bias ? 5 : 3) + Cell::params);
      if constexpr (Cell::params > 0) {
        for (std::size_t j = 0; j < Cell::weights.size(); ++j) {
          const Parameter& own = layout[layout.count() - Cell::params + j];
          CHECK(own.name == std::string(Cell::weights[j].name) + "_l7");
          CHECK(own.rows == 5);
          CHECK(own.columns == 0);
          CHECK(own.trained == Cell::weights[j].trained);
        }
      }
      CHECK(layout[1].name == "weight_ih_l7");
      CHECK(layout[1].rows == rows);
      CHECK(layout[1].columns == 3);
      CHECK(layout[2].name == "weight_hh_l7");
      CHECK(layout[2].rows == rows);
      CHECK(layout[2].columns == 5);
      if (!bias) continue;
      CHECK(layout[3].name == "bias_ih_l7");
      CHECK(layout[4].name == "bias_hh_l7");
      CHECK(layout[3].rows == rows);
      CHECK(layout[4].rows == rows);
      CHECK(layout[3].columns + layout[4].columns == 0);
    }
  });
}

TEMPLATE_TEST_CASE("recurrent: leaky units that replace all of their state are elman's",
                   "[nn][layers][recurrent]", float, double) {
  for_each_of<LeakyCells>([]<class Cell>(Cell) {
    CAPTURE(Cell::activation);
    const Problem elman({37, 3, 17, 3, From::both}, {"elman", Cell::activation});
    Problem leaky({37, 3, 17, 3, From::both}, {"leaky", Cell::activation});
    std::copy(elman.theta.begin(), elman.theta.end(), leaky.theta.begin());
    std::fill(leaky.theta.begin() + static_cast<std::ptrdiff_t>(elman.theta.size()),
              leaky.theta.end(), 1.0);
    const Answer right = Production<TestType>(elman).answer();
    Answer ours = Production<TestType>(leaky).answer();
    ours.gradient.resize(right.gradient.size());
    CHECK(ours.y == right.y);
    CHECK(ours.dx == right.dx);
    CHECK(ours.gradient == right.gradient);
  });
}

TEST_CASE("recurrent: a cell that is not built in is the user's mistake",
          "[nn][layers][recurrent]") {
  try {
    make_recurrent<float>({.cell = "lstm", .activation = "relu", .inputs = 1, .hidden = 1});
    FAIL("made");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::usage);
    CHECK_THAT(error.what(), Catch::Contains("lstm with activation relu") &&
                                 Catch::Contains("model.activation") &&
                                 Catch::Contains("lstm with tanh") &&
                                 Catch::Contains("elman with relu"));
  }
  CHECK(has_cell_state("lstm"));
  CHECK(has_cell_state("lstm-peephole"));
  CHECK_FALSE(has_cell_state("gru"));
  CHECK_FALSE(has_cell_state("elman"));
}
