#include <catch2/catch.hpp>

#include "nn/steps/decoder.hpp"
#include "nn/steps/list.hpp"
#include "nn/steps/md_lstm.hpp"
#include "nn/steps/rule_check.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Calls f(Rule{}) for the rules of every variant, and for every cell as a rule.
template <class F>
void for_each_rule(F&& f) {
  std::apply(
      [&](auto... variant) {
        (std::apply([&](auto... rule) { (f(rule), ...); }, typename decltype(variant)::Rules{}),
         ...);
      },
      Variants{});
  for_each_cell([&]<class Cell>(Cell) { f(CellRule<Cell>{}); });
  f(MdLstm{});
  std::apply([&](auto... rule) { (f(rule), ...); }, DecoderRules{});
}

struct WrongSign : MemoryCell {
  template <class V>
  static void backward(const std::array<V, made>& dout, const std::array<V, given>& s,
                       const std::array<V, made>& out, const std::array<V, saved>& keep,
                       std::array<V, slots>& da, std::array<V, given>& ds) {
    MemoryCell::backward(dout, s, out, keep, da, ds);
    da[1] = -da[1];
  }
};

struct NothingByTheState : GruBlend {
  template <class V>
  static void backward(const std::array<V, made>& dout, const std::array<V, given>& s,
                       const std::array<V, made>& out, const std::array<V, saved>& keep,
                       std::array<V, slots>& da, std::array<V, given>& ds) {
    GruBlend::backward(dout, s, out, keep, da, ds);
    ds[0] = 0;
  }
};

/// Forgets the last of its own weights.
struct ForgottenPeephole : CellRule<LstmPeephole> {
  template <class V>
  static void backward(const std::array<V, made>& dout, const std::array<V, given>& s,
                       const std::array<V, made>& out, const std::array<V, saved>& keep,
                       const std::array<V, params>& p, std::array<V, slots>& da,
                       std::array<V, given>& ds, std::array<V, params>& dp) {
    CellRule<LstmPeephole>::backward(dout, s, out, keep, p, da, ds, dp);
    dp[2] = 0;
  }
};

}  // namespace

TEST_CASE("rules: backward is the exact Jacobian's transpose", "[nn][steps]") {
  int rules = 0;
  for_each_rule([&]<class R>(R) {
    CAPTURE(rules);
    CHECK(backward_error_of_rule<R>(1000) <= 1e-12);
    ++rules;
  });
  CHECK(rules >= 14);
}

TEST_CASE("rules: the checker rejects wrong ones", "[nn][steps]") {
  CHECK(backward_error_of_rule<WrongSign>(10) > 0.1);
  CHECK(backward_error_of_rule<NothingByTheState>(10) > 0.1);
  CHECK(backward_error_of_rule<ForgottenPeephole>(10) > 0.1);
}

TEST_CASE("rules: the memory cell of 1997 at points that can be worked out by hand",
          "[nn][steps]") {
  std::array<double, 4> out;
  std::array<double, 2> keep;
  // i = o = ½, g = 4·¾ − 2 = 1: c' = 1.5, h' = ½ (2σ(1.5) − 1).
  MemoryCell::forward<double>({0, std::log(3.0), 0}, {1.0}, out, keep);
  CHECK(out[1] == Approx(1.5).epsilon(1e-15));
  CHECK(out[0] == Approx(0.5 * std::tanh(0.75)).epsilon(1e-14));
  CHECK(out[2] == 0.5);
  CHECK(out[3] == 0.5);
}
