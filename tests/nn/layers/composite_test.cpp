// Every variant of nn/steps, generated from their list, against the textbook.
#include "nn/layers/composite.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "nn/layers/recurrent_problem.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Sizes around lane groups and blocks, lengths around time blocks (8).
const std::vector<Case> cases{
    {1, 1, 1, 1, From::every},
    {5, 3, 19, 3, From::both},
    {37, 20, 17, 3, From::both},
    {16, 1, 16, 16, From::last},
    {20, 3, 10, 3, From::every, false},
    {72, 3, 3, 3, From::both},
    {37, 2, 11, 3, From::both, true, "learned"},
    {5, 3, 1, 3, From::last, false, "learned"},
};

template <class F>
void for_each_problem(F&& f) {
  for (const Core& core : variant_cores()) {
    for (const Case& c : cases) {
      if (core.cell == "jordan" && c.h0 != std::string("zero")) continue;  // has none
      CAPTURE(core.name(), c.H, c.I, c.T, c.b, static_cast<int>(c.from), c.bias);
      f(Problem(c, core));
    }
  }
}

ParamLayout layout_of(const RecurrentOptions& options) {
  ParamLayout layout;
  make_recurrent<double>(options)->declare(layout);
  return layout;
}

}  // namespace

TEST_CASE("composite: every variant is among the problems", "[nn][layers][composite]") {
  for (const StepVariant& v : step_variants()) {
    int found = 0;
    for (const Core& core : variant_cores()) found += find_variant(core.options()) == &v;
    CHECK(found > 0);
  }
}

TEST_CASE("composite: forward and gradients are the textbook's", "[nn][layers][composite]") {
  for_each_problem([](const Problem& p) {
    const Answer exact = expected(p), ours = Production<double>(p).answer();
    CHECK(relative_error(ours.y, exact.y) <= 1e-12);
    CHECK(relative_error(ours.dx, exact.dx) <= 1e-10);
    CHECK(relative_error(layout_of(p.options), ours.gradient, exact.gradient) <= 1e-10);
  });
}

TEST_CASE("composite: float is double to float's rounding", "[nn][layers][composite]") {
  for_each_problem([](const Problem& p) {
    const Answer exact = Production<double>(p).answer(), ours = Production<float>(p).answer();
    CHECK(relative_error(ours.y, exact.y) <= 2e-5);
    CHECK(relative_error(ours.dx, exact.dx) <= 2e-4);
    CHECK(relative_error(layout_of(p.options), ours.gradient, exact.gradient) <= 2e-4);
  });
}

TEST_CASE("composite: gradients are the limits of differences", "[nn][layers][composite]") {
  for (const Core& core : variant_cores()) {
    if (core.truncated_gradient) continue;
    CAPTURE(core.name());
    const Problem p({20, 3, 18, 3, From::both}, core);
    const Answer analytic = Production<double>(p).answer();
    CHECK(difference_error(p, &Problem::theta, analytic.gradient) <= 1e-6);
    CHECK(difference_error(p, &Problem::x, analytic.dx) <= 1e-6);
  }
}

TEST_CASE("composite: a truncated gradient is not the whole one", "[nn][layers][composite]") {
  for (const Core& core : variant_cores()) {
    if (!core.truncated_gradient) continue;
    CAPTURE(core.name());
    const Problem p({20, 3, 18, 3, From::both}, core);
    CHECK(difference_error(p, &Problem::theta, Production<double>(p).answer().gradient) > 1e-3);
  }
}

TEST_CASE("composite: traced norms are the textbook's, and the sweep's their logarithms",
          "[nn][layers][composite]") {
  for (const Core& core : variant_cores()) {
    for (const From from : {From::last, From::both}) {
      CAPTURE(core.name(), static_cast<int>(from));
      const Problem p({21, 3, 18, 3, from}, core);
      const Answer exact = expected(p);
      Production<double> ours(p);
      ours.forward();
      const std::size_t n = exact.hidden.size();
      std::vector<double> hidden(n), cell(n), logs(n), scale(3, 1.0), factors(6);
      std::vector<int> exponent(3);
      const bool has_cell = has_cell_state(core.cell);
      REQUIRE(exact.cell.empty() == !has_cell);
      const auto back = [&](const Upstream<double>& dy, const StateTrace& trace) {
        return ours.run.layer->backward(ours.run.packed.data(), ours.x.view(), dy,
                                        ours.run.slab.data(), ours.run.frame.data(), trace);
      };
      back(ours.upstream(), {.hidden = hidden.data(),
                             .cell = has_cell ? cell.data() : nullptr,
                             .ld = 3,
                             .scale = scale.data()});
      CHECK(relative_error(hidden, exact.hidden) <= 1e-12);
      if (has_cell) CHECK(relative_error(cell, exact.cell) <= 1e-12);

      const auto dx = dense_copy<double>(back(ours.upstream(), {}).every);
      if (from == From::both) continue;
      const LogSweep sweep{logs.data(), 3, exponent.data(), factors.data()};
      const Upstream<double> swept = back(ours.upstream(), {.sweep = &sweep});
      for (std::size_t i = 0; i < n; ++i) {
        if (exact.hidden[i] == 0) {
          CHECK(std::isinf(logs[i]));
        } else {
          CHECK(logs[i] == Approx(std::log(exact.hidden[i])).margin(1e-10));
        }
      }
      REQUIRE(swept.exponent);
      std::vector<double> scaled = dense_copy<double>(swept.every);
      for (std::size_t i = 0; i < scaled.size(); ++i) {
        scaled[i] = std::ldexp(scaled[i], std::max(-2000, swept.exponent[i / 3]));
      }
      CHECK(relative_error(scaled, dx) <= 1e-12);
    }
  }
}

TEST_CASE("composite: slabs add up, and a call can be repeated", "[nn][layers][composite]") {
  for (const Core& core : variant_cores()) {
    CAPTURE(core.name());
    const Problem p({37, 3, 17, 3, From::both}, core);
    Production<double> ours(p);
    const Answer once = ours.answer();
    const Answer again = ours.answer();
    CHECK(once.y == again.y);
    CHECK(once.dx == again.dx);
    std::vector<double> twice = once.gradient;
    for (double& v : twice) v *= 2;
    CHECK(relative_error(ours.run.layout, ours.run.gradient(), twice) <= 1e-13);
    CHECK(relative_error(ours.run.layout, ours.run.gradient(0.5), once.gradient) <= 1e-13);
  }
}

TEST_CASE("composite: state goes in and out where it is asked to", "[nn][layers][composite]") {
  for (const Core& core : variant_cores()) {
    CAPTURE(core.name());
    const Problem p({21, 3, 18, 3, From::every}, core);
    Production<double> ours(p);
    const auto x = [&](int steps) {
      Seq<const double> part = ours.x.view();
      part.T = steps;
      return part;
    };
    const int entries = ours.run.layer->state_size();
    REQUIRE(entries > 0);
    const auto forward = [&](int steps, CarriedState<double> carried) {
      return dense_copy<double>(ours.run.layer->forward(
          ours.run.packed.data(), x(steps), ours.run.frame.data(), {.carried = carried}));
    };
    std::vector<double> early(static_cast<std::size_t>(3 * entries)), late = early;
    forward(7, {early.data(), entries});
    forward(18, {late.data(), entries, nullptr, 7});
    CHECK(late == early);

    // Column 1 begins anew, whatever it left; the others go on.
    const auto anew = forward(18, {});
    const bool fresh[]{false, true, false};
    const auto on = forward(18, {early.data(), entries, fresh});
    std::array<bool, 3> same{true, true, true};
    for (int t = 0; t < 18; ++t) {
      for (int b = 0; b < 3; ++b) {
        for (int u = 0; u < p.width; ++u) {
          const auto at = p.at(t, b, p.width) + static_cast<std::size_t>(u);
          same[static_cast<std::size_t>(b)] &= on[at] == anew[at];
        }
      }
    }
    CHECK(same == std::array<bool, 3>{false, true, false});
  }
}

TEST_CASE("composite: a skip whose matrix is zero is none", "[nn][layers][composite]") {
  for (const Core& plain : plain_cores()) {
    CAPTURE(plain.name());
    Core skipping = plain;
    skipping.time_skip = 3;
    const Case c{37, 5, 18, 3, From::both};
    const Problem without(c, plain);
    Problem with(c, skipping);
    const std::size_t shared = without.theta.size();
    REQUIRE(with.theta.size() > shared);
    const ParamLayout layout = layout_of(with.options);
    REQUIRE(layout[layout.count() - 1].name == "weight_dh_l0");
    std::copy(without.theta.begin(), without.theta.end(), with.theta.begin());
    std::fill(with.theta.begin() + static_cast<std::ptrdiff_t>(shared), with.theta.end(), 0.0);
    const Answer fast = Production<double>(without).answer(),
                 ours = Production<double>(with).answer();
    CHECK(relative_error(ours.y, fast.y) <= 1e-13);
    CHECK(relative_error(ours.dx, fast.dx) <= 1e-12);
    CHECK(relative_error(ours.gradient, fast.gradient, 0, 0) == HUGE_VAL);  // one matrix more
    const std::vector<double> part(ours.gradient.begin(),
                                   ours.gradient.begin() + static_cast<std::ptrdiff_t>(shared));
    CHECK(relative_error(part, fast.gradient) <= 1e-12);
  }
}

TEST_CASE("composite: both forms of the GRU agree where nothing is reset",
          "[nn][layers][composite]") {
  const Case c{21, 3, 18, 3, From::both};
  Problem original(c, {"gru-original", "tanh"}), after(c, {"gru", "tanh"});
  const ParamLayout layout = layout_of(original.options);
  REQUIRE(layout[2].name == "bias_ih_l0");
  REQUIRE(original.theta.size() == after.theta.size());
  const auto same = [&] {
    return relative_error(Production<double>(original).forward(),
                          Production<double>(after).forward());
  };
  CHECK(same() > 1e-3);
  for (int u = 0; u < 21; ++u) original.theta[layout[2].offset + static_cast<std::size_t>(u)] = 200;
  after.theta = original.theta;
  CHECK(same() <= 1e-14);
}

TEST_CASE("composite: the 1997 LSTM has as many weights as the paper says",
          "[nn][layers][composite]") {
  const auto weights = [](int inputs, int blocks, int cells, bool bias) {
    RecurrentOptions o{.cell = "lstm-1997", .inputs = inputs, .hidden = blocks * cells};
    o.block = cells;
    o.bias = bias;
    return static_cast<int>(layout_of(o).size());
  };
  // A readout of O units from the cells alone adds O · cells, and O where it has biases.
  CHECK(weights(2, 2, 2, true) + 4 + 1 == 93);            // adding
  CHECK(weights(8, 2, 2, true) + 4 * 4 + 4 == 156);       // temporal order, four classes
  CHECK(weights(8, 3, 2, true) + 8 * 6 + 8 == 308);       // temporal order, eight classes
  CHECK(weights(1, 3, 1, true) + 3 == 102);               // two-sequence problem: no output bias
  CHECK(weights(7, 4, 1, false) + 7 * 4 + 2 * 4 == 264);  // Reber: biases of the gates alone
  CHECK(weights(7, 3, 2, false) + 7 * 6 + 2 * 3 == 276);
}

TEST_CASE("composite: gate biases of memory blocks start as asked", "[nn][layers][composite]") {
  const auto layer = make_recurrent<double>({.cell = "lstm-1997",
                                             .inputs = 2,
                                             .hidden = 6,
                                             .block = 2,
                                             .input_gate_bias = -3,
                                             .input_gate_bias_step = -1.5,
                                             .output_gate_bias = -1,
                                             .output_gate_bias_step = -2});
  ParamLayout layout;
  layer->declare(layout);
  std::vector<double> theta(layout.size());
  layer->initialize({1, Stream::parameters}, theta.data());
  REQUIRE(layout[2].name == "bias_ih_l0");
  const std::vector<double> bias(theta.begin() + static_cast<std::ptrdiff_t>(layout[2].offset),
                                 theta.end());
  CHECK(bias == std::vector<double>{-3, -4.5, -6, 0, 0, 0, 0, 0, 0, -1, -3, -5});
}

TEST_CASE("composite: what does not go together is said, and what would",
          "[nn][layers][composite]") {
  const auto message = [](RecurrentOptions o) -> std::string {
    o.inputs = 1;
    o.outputs = 2;
    try {
      make_recurrent<float>(o);
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      return error.what();
    }
    return "made";
  };
  CHECK_THAT(message({.cell = "jordan", .hidden = 4, .time_skip = 2}),
             Catch::Contains("jordan does not go with model.time_skip") &&
                 Catch::Contains("elman, leaky, lstm, gru"));
  CHECK_THAT(message({.cell = "lstm", .hidden = 4, .depth = "dt"}),
             Catch::Contains("model.depth") && Catch::Contains("elman"));
  CHECK_THAT(message({.cell = "lstm", .hidden = 4, .block = 2}), Catch::Contains("lstm-1997"));
  CHECK_THAT(message({.cell = "lstm-1997", .hidden = 5, .block = 2}),
             Catch::Contains("no multiple") && Catch::Contains("model.block"));
  CHECK_THAT(message({.cell = "jordan", .hidden = 4, .recurrent_init = "identity"}),
             Catch::Contains("not square"));
  CHECK_THAT(message({.cell = "lstm-1997", .activation = "relu", .hidden = 4}),
             Catch::Contains("lstm-1997 with activation relu") &&
                 Catch::Contains("jordan with relu") && Catch::Contains("lstm-1997 with tanh"));
  CHECK(message({.cell = "lstm-1997", .hidden = 4, .block = 2}) == "made");
  CHECK(has_cell_state("lstm-1997"));
  CHECK_FALSE(has_cell_state("gru-original"));
}
