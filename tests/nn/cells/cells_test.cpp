#include "nn/cells/cells.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "nn/cells/cell_check.hpp"
#include "nn/steps/variants.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

// Cells with one mistake each, for the checker's own test.

struct WrongSign : Lstm {
  template <class V>
  static void backward(const std::array<V, 2>& ds_next, const std::array<V, 2>& s,
                       const std::array<V, 2>& s_next, const std::array<V, 5>& keep,
                       std::array<V, 4>& da, std::array<V, 2>& ds) {
    Lstm::backward(ds_next, s, s_next, keep, da, ds);
    da[1] = -da[1];
  }
};

/// Forgets that h' depends on c'.
struct MissingTerm : Lstm {
  template <class V>
  static void backward(const std::array<V, 2>& ds_next, const std::array<V, 2>& s,
                       const std::array<V, 2>& s_next, const std::array<V, 5>& keep,
                       std::array<V, 4>& da, std::array<V, 2>& ds) {
    Lstm::backward(ds_next, s, s_next, keep, da, ds);
    const V by_o = da[3];
    Lstm::backward({V(0), ds_next[1]}, s, s_next, keep, da, ds);
    da[3] = by_o;
  }
};

struct WrongFactor : Elman<Tanh> {
  template <class V>
  static void backward(const std::array<V, 1>& ds_next, const std::array<V, 1>& s,
                       const std::array<V, 1>& s_next, const std::array<V, 0>& keep,
                       std::array<V, 1>& da, std::array<V, 1>& ds) {
    Elman<Tanh>::backward(ds_next, s, s_next, keep, da, ds);
    da[0] *= 1 + 1e-9;
  }
};

/// Forgets one of its own weights' shares in ∂L/∂c.
struct ForgottenPeephole : LstmPeephole {
  template <class V>
  static void backward(const std::array<V, 2>& ds_next, const std::array<V, 2>& s,
                       const std::array<V, 2>& s_next, const std::array<V, 5>& keep,
                       const std::array<V, 3>& p, std::array<V, 4>& da, std::array<V, 2>& ds,
                       std::array<V, 3>& dp) {
    LstmPeephole::backward(ds_next, s, s_next, keep, p, da, ds, dp);
    ds[1] -= da[0] * p[0];
  }
};

struct WrongPeepholeGradient : LstmPeephole {
  template <class V>
  static void backward(const std::array<V, 2>& ds_next, const std::array<V, 2>& s,
                       const std::array<V, 2>& s_next, const std::array<V, 5>& keep,
                       const std::array<V, 3>& p, std::array<V, 4>& da, std::array<V, 2>& ds,
                       std::array<V, 3>& dp) {
    LstmPeephole::backward(ds_next, s, s_next, keep, p, da, ds, dp);
    dp[2] = da[3] * s[1];  // c where it is c'
  }
};

/// Does not own up to its direct path.
struct HiddenPath : Gru {
  static constexpr std::array<bool, 1> direct{false};
};

/// Leaves an output unset.
struct NothingWritten : Gru {
  template <class V>
  static void backward(const std::array<V, 1>&, const std::array<V, 1>&, const std::array<V, 1>&,
                       const std::array<V, 4>&, std::array<V, 4>&, std::array<V, 1>&) {}
};

template <std::size_t N>
bool consecutive(std::array<int, N> slots) {
  std::sort(slots.begin(), slots.end());
  for (std::size_t i = 1; i < N; ++i) {
    if (slots[i] != slots[0] + static_cast<int>(i)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("cells: the backward rule is the exact Jacobian's transpose", "[nn][cells]") {
  for_each_cell([]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    CHECK(backward_error<Cell>(1000) <= 1e-12);
  });
}

TEST_CASE("cells: the checker rejects wrong rules", "[nn][cells]") {
  CHECK(backward_error<WrongSign>(10) > 0.1);
  CHECK(backward_error<MissingTerm>(10) > 0.1);
  CHECK(backward_error<WrongFactor>(10) > 1e-10);
  CHECK(backward_error<HiddenPath>(10) > 0.1);
  CHECK(backward_error<ForgottenPeephole>(10) > 0.1);
  CHECK(backward_error<WrongPeepholeGradient>(10) > 0.1);
  CHECK(backward_error<NothingWritten>(10) == HUGE_VAL);
}

TEST_CASE("cells: the Jacobian of the dual numbers is that of differences", "[nn][cells]") {
  // A check of the checker, by the definition.
  for_each_cell([]<class Cell>(Cell) {
    Rng rng({2, Stream::test}, 0);
    for (int k = 0; k < 20; ++k) {
      const CellPoint<Cell, double> point(rng);
      const auto J = jacobian(point);
      for (int i = 0; i < J.cols(); ++i) {
        constexpr double h = 1e-6;
        std::array<std::array<double, Cell::carry>, 2> s_next;
        for (int side = 0; side < 2; ++side) {
          CellPoint<Cell, double> moved = point;
          const int state = i - Cell::slots, own = state - Cell::carry;
          double& at = state < 0 ? moved.a[i] : own < 0 ? moved.s[state] : moved.p[own];
          at += side == 0 ? -h : h;
          std::array<double, Cell::saved> keep;
          forward_of<Cell>(moved.a, moved.s, moved.p, s_next[side], keep);
        }
        for (int j = 0; j < Cell::carry; ++j) {
          CHECK(J(j, i) == Approx((s_next[1][j] - s_next[0][j]) / (2 * h)).margin(1e-9));
        }
      }
    }
  });
}

TEST_CASE("cells: the whole derivative by c' includes the path through h'", "[nn][cells]") {
  for_each_cell([]<class Cell>(Cell) {
    if constexpr (Cell::carry > 1) {
      CAPTURE(Cell::name);
      Rng rng({3, Stream::test}, 0);
      for (int k = 0; k < 1000; ++k) {
        const CellPoint<Cell, double> point(rng);
        const CellGradient<Cell> gradient(point);
        // The first pre-activation reaches the loss through c' alone: ∂L/∂a = ∂L/∂c' ∂c'/∂a.
        const auto J = jacobian(point);
        const double by_a = point.ds_next[0] * J(0, 0) + point.ds_next[1] * J(1, 0);
        const double whole =
            total_cell_gradient_of<Cell>(point.ds_next, gradient.s_next, gradient.keep, point.p);
        CHECK(std::abs(whole * J(1, 0) - by_a) <=
              1e-12 * (std::abs(point.ds_next[0]) + std::abs(point.ds_next[1])));
      }
    }
  });
}

TEST_CASE("cells: the equations at points that can be worked out by hand", "[nn][cells]") {
  std::array<double, 1> h;
  std::array<double, 0> nothing;
  const auto elman = [&]<class Phi>(Phi, double a) {
    Elman<Phi>::forward(std::array{a}, {9.0}, h, nothing);
    return h[0];
  };
  CHECK(elman(Tanh{}, 0.5) == Approx(0.46211715726000976).epsilon(1e-15));
  CHECK(elman(Sigmoid{}, std::log(3.0)) == Approx(0.75).epsilon(1e-15));
  CHECK(elman(Identity{}, -2.5) == -2.5);
  CHECK(elman(Relu{}, 0.5) == 0.5);
  CHECK(elman(Relu{}, -0.5) == 0);
  CHECK(elman(LeakyRelu{}, 0.5) == 0.5);
  CHECK(elman(LeakyRelu{}, -0.5) == Approx(-0.005));
  CHECK(elman(Elu{}, 0.5) == 0.5);
  CHECK(elman(Elu{}, -std::log(2.0)) == Approx(-0.5).epsilon(1e-15));

  // i = f = o = ½ and g = 0: c' = c/2, h' = tanh(c/2)/2.
  std::array<double, 2> state;
  std::array<double, 5> kept;
  Lstm::forward<double>({0, 0, 0, 0}, {7.0, 1.0}, state, kept);
  CHECK(state[1] == 0.5);
  CHECK(state[0] == Approx(0.5 * std::tanh(0.5)).epsilon(1e-15));
  Lstm::forward<double>({50, -50, 50, 50}, {7.0, 1.0}, state, kept);  // write, forget, show
  CHECK(state[1] == Approx(1).epsilon(1e-15));
  CHECK(state[0] == Approx(std::tanh(1.0)).epsilon(1e-15));

  // A quarter of the way from h to tanh(a).
  std::array<double, 1> kept_phi;
  Leaky<Tanh>::forward<double>({0.5}, {1.0}, {0.25}, h, kept_phi);
  CHECK(h[0] == Approx(0.75 + 0.25 * std::tanh(0.5)).epsilon(1e-15));
  // Peepholes that hold all gates at σ(ln 3) = ¾ of c = 1, but o's, which sees c' = ¾.
  const double l = std::log(3.0);
  LstmPeephole::forward<double>({0, 0, 0, 0}, {7.0, 1.0}, {l, l, l / 0.75}, state, kept);
  CHECK(state[1] == Approx(0.75).epsilon(1e-15));
  CHECK(state[0] == Approx(0.75 * std::tanh(0.75)).epsilon(1e-15));
  // i = 1 − f.
  std::array<double, 4> kept_coupled;
  LstmCoupled::forward<double>({l, 0.5, 0}, {7.0, 1.0}, state, kept_coupled);
  CHECK(state[1] == Approx(0.75 + 0.25 * std::tanh(0.5)).epsilon(1e-15));
  CHECK(state[0] == Approx(0.5 * std::tanh(state[1])).epsilon(1e-15));

  // r = z = ½: n = tanh(p + q/2), h' = (n + h)/2.
  std::array<double, 4> keep;
  Gru::forward<double>({0.3, 0, 0, -0.4}, {0.6}, h, keep);
  CHECK(h[0] == Approx(0.5 * (std::tanh(0.1) + 0.6)).epsilon(1e-15));
  Gru::forward<double>({0.3, 0, 50, -0.4}, {0.6}, h, keep);  // z = 1 retains
  CHECK(h[0] == Approx(0.6).epsilon(1e-15));
}

TEST_CASE("cells: variants of the LSTM are the LSTM where their difference is nothing",
          "[nn][cells]") {
  Rng rng({5, Stream::test}, 0);
  for (int k = 0; k < 100; ++k) {
    CellPoint<LstmPeephole, double> point(rng);
    point.p = {};
    std::array<double, 2> lstm, s_next;
    std::array<double, 5> keep;
    Lstm::forward(point.a, point.s, lstm, keep);
    LstmPeephole::forward(point.a, point.s, point.p, s_next, keep);
    CHECK(s_next[0] == Approx(lstm[0]).epsilon(1e-14));
    CHECK(s_next[1] == Approx(lstm[1]).epsilon(1e-14));
    const auto [i, f, g, o] = point.a;
    std::array<double, 4> fewer;
    // A gate wide open is a gate that is not there.
    Lstm::forward<double>({50, f, g, o}, point.s, lstm, keep);
    LstmNoInputGate::forward<double>({f, g, o}, point.s, {0, 0}, s_next, fewer);
    CHECK(s_next[1] == Approx(lstm[1]).epsilon(1e-14));
    Lstm::forward<double>({i, 50, g, o}, point.s, lstm, keep);
    LstmNoForgetGate::forward<double>({i, g, o}, point.s, {0, 0}, s_next, fewer);
    CHECK(s_next[0] == Approx(lstm[0]).epsilon(1e-14));
    Lstm::forward<double>({i, f, g, 50}, point.s, lstm, keep);
    LstmNoOutputGate::forward<double>({i, f, g}, point.s, {0, 0}, s_next, fewer);
    CHECK(s_next[0] == Approx(lstm[0]).epsilon(1e-14));
    // σ(−a) = 1 − σ(a).
    Lstm::forward<double>({-f, f, g, o}, point.s, lstm, keep);
    LstmCoupled::forward<double>({f, g, o}, point.s, s_next, fewer);
    CHECK(s_next[0] == Approx(lstm[0]).epsilon(1e-14));
  }
}

TEST_CASE("cells: members agree with each other", "[nn][cells]") {
  std::set<std::string> entries, names;
  for_each_cell([&]<class Cell>(Cell) {
    CAPTURE(Cell::name, Cell::activation);
    CHECK(entries.insert(std::string(Cell::name) + " " + Cell::activation).second);
    names.insert(Cell::name);
    // A matrix feeds a run of slots, one per gate; together they feed all slots.
    CHECK(consecutive(Cell::input_slot));
    CHECK(consecutive(Cell::recurrent_slot));
    std::set<int> fed(Cell::input_slot.begin(), Cell::input_slot.end());
    fed.insert(Cell::recurrent_slot.begin(), Cell::recurrent_slot.end());
    CHECK(fed.size() == static_cast<std::size_t>(Cell::slots));
    CHECK(*fed.begin() == 0);
    CHECK(*fed.rbegin() == Cell::slots - 1);
    CHECK(Cell::forget_gate < Cell::gates);
    CHECK(Cell::input_gate < Cell::gates);
    CHECK((Cell::input_gate < 0 || Cell::input_gate != Cell::forget_gate));
    if constexpr (Cell::params > 0) {
      std::set<std::string> own;
      for (const UnitWeight& w : Cell::weights) CHECK(own.insert(w.name).second);
    }
  });
  for (const StepVariant& v : step_variants()) {
    if (v.summary) CHECK(names.insert(v.cell).second);
  }
  std::set<std::string> listed;
  for (const Listing& listing : cell_list()) {
    CHECK(listed.insert(listing.name).second);
    CHECK_FALSE(listing.summary.empty());
  }
  names.insert("none");  // the feed-forward members
  CHECK(listed == names);
}
