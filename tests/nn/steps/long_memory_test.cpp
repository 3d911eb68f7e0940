// The long-memory cells against forms of theirs that are written in another way.
#include <catch2/catch.hpp>
#include <complex>

#include "base/error.hpp"
#include "nn/layers/composite.hpp"
#include "nn/layers/recurrent_problem.hpp"
#include "nn/steps/cell_rule.hpp"
#include "nn/steps/lru.hpp"
#include "nn/steps/memory_rules.hpp"
#include "nn/steps/rule_check.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

ParamLayout layout_of(const RecurrentOptions& options) {
  ParamLayout layout;
  make_recurrent<double>(options)->declare(layout);
  return layout;
}

std::vector<double> initialized(const RecurrentOptions& options, std::uint64_t seed = 3) {
  const auto layer = make_recurrent<double>(options);
  ParamLayout layout;
  layer->declare(layout);
  std::vector<double> theta(layout.size());
  layer->initialize({seed, Stream::parameters}, theta.data());
  return theta;
}

/// Entries of a parameter.
std::vector<double> entries(const ParamLayout& layout, const std::vector<double>& theta,
                            const std::string& name) {
  for (const Parameter& p : layout) {
    if (p.name == name)
      return {theta.begin() + static_cast<std::ptrdiff_t>(p.offset),
              theta.begin() + static_cast<std::ptrdiff_t>(p.offset + p.size())};
  }
  FAIL("no " << name);
  return {};
}

/// The worst error of a rule's derive_back against differences.
template <class R>
double derive_error() {
  Rng rng({7, Stream::test}, 0);
  double worst = 0;
  for (int k = 0; k < 100; ++k) {
    const auto p = random_array<R::params>(rng, 1), d = random_array<R::params>(rng, 1);
    auto analytic = d;
    R::derive_back(p, analytic);
    for (std::size_t i = 0; i < R::params; ++i) {
      auto above = p, below = p;
      above[i] += 1e-6, below[i] -= 1e-6;
      R::derive(above), R::derive(below);
      double numeric = 0;
      for (std::size_t j = 0; j < R::params; ++j) numeric += d[j] * (above[j] - below[j]) / 2e-6;
      worst = std::max(worst, std::abs(numeric - analytic[i]));
    }
  }
  return worst;
}

/// A layer that gives the filtered x of lags [first, first + K), d constant per unit.
StepProgram filter_alone(int units, int lags, int first) {
  RecurrentOptions o{.inputs = units, .hidden = units};
  o.input_gradient = true;
  StepBuilder p(o);
  const int w = p.input_matrix("weight_ih", 1, units), a = p.add_pre("a", units);
  const int x = p.add_signal("x", units), d = p.add_signal("d", units);
  const int f = p.add_signal("F", units), unused = p.add_signal("unused", units);
  p.take_input(x);
  p.sum({.target = a, .biases = {}, .products = {{.weight = {w}, .from = {p.input}}}});
  p.apply(activation_rule("identity"), {{a}}, {}, {unused});
  p.apply(rule<FixedMemoryParameter>(), {}, {}, {d}, {p.unit_weight({.name = "memory"})});
  p.filter({.from = x, .order = d, .made = f, .lags = lags, .first = first});
  p.output = p.hidden = f;
  return p;
}

/// Γ(j − d) / (Γ(−d) Γ(j + 1))
double closed_form(int j, double d) {
  // Γ(−d) < 0 for 0 < d < 1; lgamma is of its modulus.
  return -std::exp(std::lgamma(j - d) - std::lgamma(-d) - std::lgamma(j + 1));
}

}  // namespace

TEST_CASE("filter: an impulse comes back as the weights' closed form, and d's derivative with it",
          "[nn][steps][filter]") {
  constexpr int units = 19, lags = 40, T = 50;
  for (const int first : {0, 1}) {
    LayerRun<double> run(make_composite<double>(filter_alone(units, lags, first), true), T, 1);
    std::vector<double> theta(run.layout.size(), 0.0);
    const std::size_t at = run.layout[run.layout.count() - 1].offset;
    REQUIRE(run.layout[run.layout.count() - 1].name == "memory_l0");
    for (std::size_t u = 0; u < units; ++u) theta[at + u] = 0.5 * static_cast<double>(u) - 4;
    run.set(theta);
    std::vector<double> impulse(static_cast<std::size_t>(T) * units, 0.0), ones = impulse;
    std::fill_n(impulse.begin(), units, 1.0);
    const OwnedSeq<double> x(impulse, T, 1, units, units, 0);
    const Seq<const double> y = run.forward(x.view());
    const auto d_of = [&](std::size_t u) { return 0.5 / (1 + std::exp(-theta[at + u])); };
    for (int t = 0; t < T; ++t) {
      for (int u = 0; u < units; ++u) {
        const int j = t - first + 1;
        const bool seen = j >= 1 && j <= lags;
        const double d = d_of(static_cast<std::size_t>(u));
        CHECK(y.at(t, 0)[u] == Approx(seen ? closed_form(j, d) : 0).epsilon(1e-12).margin(1e-300));
      }
    }
    // The sum of outputs by the parameter of d: Σ_j dw_j/dd · dd/dp, and by x_0: Σ_j w_j.
    std::fill(ones.begin(), ones.end(), 1.0);
    const OwnedSeq<double> dy(ones, T, 1, units, round_up(units, lanes<double>), 0);
    const Seq<const double> dx = run.backward(x.view(), {.every = dy.view()});
    const std::vector<double> gradient = run.gradient();
    for (std::size_t u = 0; u < units; ++u) {
      const double d = d_of(u), h = 1e-5;
      double slope = 0, sum = 0;
      for (int j = 1; j <= lags; ++j) {
        slope += (closed_form(j, d + h) - closed_form(j, d - h)) / (2 * h);
        sum += closed_form(j, d);
      }
      CHECK(gradient[at + u] == Approx(slope * d * (1 - 2 * d)).epsilon(1e-6));
      CHECK(dx.at(0, 0)[u] == Approx(sum).epsilon(1e-12));
    }
  }
}

TEST_CASE("rules: what is derived once per update has the derivative that is claimed",
          "[nn][steps]") {
  CHECK(derive_error<LruState>() <= 1e-9);
  CHECK(derive_error<FixedMemoryParameter>() <= 1e-9);
}

TEST_CASE("lru: the scan written with complex numbers", "[nn][steps][lru]") {
  using Complex = std::complex<double>;
  const Problem p({9, 4, 60, 2, From::every}, {"lru", "tanh"});
  const ParamLayout layout = layout_of(p.options);
  const std::vector<double> theta = initialized(p.options);
  Problem initial = p;
  initial.theta = theta;
  const std::vector<double> y = Production<double>(initial).forward();
  const auto get = [&](const char* name) {
    return entries(layout, theta, name + std::string("_l0"));
  };
  const auto nu = get("nu_log"), phase = get("theta_log"), gamma = get("gamma_log");
  const auto b_re = get("B_re"), b_im = get("B_im"), c_re = get("C_re"), c_im = get("C_im");
  const auto d = get("D");
  double worst = 0;
  for (int column = 0; column < 2; ++column) {
    std::vector<Complex> x(9);
    for (int t = 0; t < 60; ++t) {
      const double* u = &p.x[p.at(t, column, 4)];
      for (std::size_t n = 0; n < 9; ++n) {
        Complex bu = 0;
        for (std::size_t i = 0; i < 4; ++i) bu += Complex(b_re[n * 4 + i], b_im[n * 4 + i]) * u[i];
        const Complex lambda = std::exp(Complex(-std::exp(nu[n]), std::exp(phase[n])));
        CHECK(std::exp(gamma[n]) == Approx(std::sqrt(1 - std::norm(lambda))).epsilon(1e-10));
        x[n] = lambda * x[n] + std::exp(gamma[n]) * bu;
      }
      for (std::size_t o = 0; o < 9; ++o) {
        Complex cx = 0;
        for (std::size_t n = 0; n < 9; ++n) cx += Complex(c_re[o * 9 + n], c_im[o * 9 + n]) * x[n];
        double exact = cx.real();
        for (std::size_t i = 0; i < 4; ++i) exact += d[o * 4 + i] * u[i];
        worst = std::max(worst, std::abs(exact - y[p.at(t, column, 9) + o]));
      }
    }
  }
  CHECK(worst <= 1e-12);
}

TEST_CASE("lru: eigenvalues start on the ring", "[nn][steps][lru]") {
  RecurrentOptions o{.cell = "lru", .inputs = 2, .hidden = 400};
  o.r_min = 0.6, o.r_max = 0.9, o.max_phase = 0.5;
  const ParamLayout layout = layout_of(o);
  const auto theta = initialized(o);
  const auto nu = entries(layout, theta, "nu_log_l0"),
             phase = entries(layout, theta, "theta_log_l0");
  double least = 1, largest = 0, widest_phase = 0, squares = 0;
  for (std::size_t u = 0; u < 400; ++u) {
    const double r = std::exp(-std::exp(nu[u]));
    least = std::min(least, r), largest = std::max(largest, r), squares += r * r / 400;
    widest_phase = std::max(widest_phase, std::exp(phase[u]));
  }
  CHECK(least >= 0.6);
  CHECK(least < 0.61);
  CHECK(largest <= 0.9);
  CHECK(largest > 0.89);
  CHECK(squares == Approx((0.36 + 0.81) / 2).margin(0.03));  // uniform in area
  CHECK(widest_phase <= 0.5);
  CHECK(widest_phase > 0.48);
  o.r_min = 0.95;
  CHECK_THROWS_WITH(make_recurrent<float>(o), Catch::Contains("model.r_min"));
}

TEST_CASE("slstm: the stabiliser changes no value", "[nn][steps][slstm]") {
  for (const char* cell : {"slstm", "slstm-exp-forget"}) {
    const Problem p({11, 3, 25, 2, From::every, true, "learned"}, {cell, "tanh"});
    const ParamLayout layout = layout_of(p.options);
    const std::vector<double> ours = Production<double>(p).forward();
    std::vector<double> exact(ours.size());
    for (int b = 0; b < 2; ++b) {
      std::vector<Vector<double>> x;
      for (int t = 0; t < 25; ++t) {
        const double* from = &p.x[p.at(t, b, 3)];
        x.emplace_back(from, from + 3);
      }
      const auto states =
          reference::slstm(Named<double>(layout, p.theta), p.options, "_l0", x, true);
      for (int t = 0; t < 25; ++t)
        std::copy_n(states.h[static_cast<std::size_t>(t)].begin(), 11,
                    exact.begin() + static_cast<std::ptrdiff_t>(p.at(t, b, 11)));
    }
    CHECK(relative_error(ours, exact) <= 1e-12);
  }
}

TEST_CASE("slstm: gates far beyond what an exponential holds leave the state finite",
          "[nn][steps][slstm]") {
  for (const char* cell : {"slstm", "slstm-exp-forget"}) {
    for (const double scale : {-300.0, 300.0}) {
      Problem p({11, 3, 25, 2, From::every}, {cell, "tanh"});
      const ParamLayout layout = layout_of(p.options);
      REQUIRE(layout[2].name == "bias_ih_l0");
      for (std::size_t u = 0; u < 22; ++u) p.theta[layout[2].offset + u] = scale;
      const Answer answer = Production<float>(p).answer();
      for (const double v : answer.y) REQUIRE(std::abs(v) <= 1.001);
      for (const double v : answer.gradient) REQUIRE(std::isfinite(v));
    }
  }
}

TEST_CASE("memory cells: K lags are all that is seen", "[nn][steps][filter]") {
  // An input further back than K steps is gone from MRNN's memory once W_mm does not carry it.
  Problem p({4, 2, 12, 1, From::every}, {"mrnnf", "tanh"});
  p.options.memory_lags = 5;
  const ParamLayout layout = layout_of(p.options);
  for (const Parameter& parameter : layout) {
    if (parameter.name != "weight_mm_l0" && parameter.name != "weight_hh_l0") continue;
    std::fill_n(p.theta.begin() + static_cast<std::ptrdiff_t>(parameter.offset), parameter.size(),
                0.0);
  }
  const auto before = Production<double>(p).forward();
  p.x[0] += 1;
  const auto after = Production<double>(p).forward();
  for (int t = 0; t < 12; ++t) {
    bool same = true;
    for (std::size_t u = 0; u < 8; ++u)
      same &= before[p.at(t, 0, 8) + u] == after[p.at(t, 0, 8) + u];
    CHECK(same == (t >= 5));
  }
}
