#include "golden/comparison.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "golden/golden.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

using Lines = std::vector<std::string>;

/// The names that a change of the LSTM's golden gradient makes disagree at the bound of double
/// precision.
template <class F>
Lines caught(F&& change) {
  const Named theirs = Golden("lstm", LossKind::cross_entropy, Readout::every).gradient("float64");
  Named ours = theirs;
  change(ours);
  Lines names;
  for (const std::string& line : disagreements(ours, theirs, 1e-10)) {
    names.push_back(line.substr(0, line.find(':')));
  }
  return names;
}

}  // namespace

TEST_CASE("comparison: equal values agree", "[golden]") {
  CHECK(caught([](Named&) {}) == Lines{});
  CHECK(relative_difference({3, 4}, {3, 4}) == 0);
  CHECK(relative_difference({0, 0}, {0, 0}) == 0);
}

TEST_CASE("comparison: the difference is relative to the norm of theirs", "[golden]") {
  CHECK(relative_difference({3, 4.5}, {3, 4}) == Approx(0.1).epsilon(1e-14));
  CHECK(relative_difference({0, 0}, {3, 4}) == 1);
  CHECK(relative_difference({3e-200, 5e-200}, {0, 0}) == HUGE_VAL);
  CHECK(relative_difference({1}, {0}) == HUGE_VAL);
}

TEST_CASE("comparison: errors put in by hand are caught, each in its place", "[golden]") {
  const std::size_t H = 17;
  CHECK(caught([](Named& g) { g["weight_hh_l0"][100] += 1e-8; }) == Lines{"weight_hh_l0"});
  CHECK(caught([](Named& g) { g["bias_ih_l0"][67] *= 1 + 1e-6; }) == Lines{"bias_ih_l0"});
  CHECK(caught([](Named& g) { g["output.bias"][0] *= -1; }) == Lines{"output.bias"});
  CHECK(caught([](Named& g) {  // every parameter scaled alike, as by a wrong divisor
          for (auto& [name, values] : g) {
            for (double& v : values) v *= 1 + 1e-9;
          }
        })
            .size() == 6);
  CHECK(caught([=](Named& g) {  // gates i and f exchanged
          auto& w = g["weight_ih_l0"];
          const auto block = static_cast<std::ptrdiff_t>(H * 3);
          std::swap_ranges(w.begin(), w.begin() + block, w.begin() + block);
        }) == Lines{"weight_ih_l0"});
  CHECK(caught([=](Named& g) {  // one gate's block transposed
          auto& w = g["weight_hh_l0"];
          for (std::size_t i = 0; i < H; ++i) {
            for (std::size_t j = 0; j < i; ++j) std::swap(w[i * H + j], w[j * H + i]);
          }
        }) == Lines{"weight_hh_l0"});
  CHECK(caught([](Named& g) { std::swap(g["bias_ih_l0"][0], g["bias_ih_l0"][1]); }) ==
        Lines{"bias_ih_l0"});
  CHECK(caught([](Named& g) { g["output.weight"][3] = std::nan(""); }) == Lines{"output.weight"});
  CHECK(caught([](Named& g) { g["output.weight"][3] = HUGE_VAL; }) == Lines{"output.weight"});
}

TEST_CASE("comparison: a parameter that one side lacks, or of another size, is caught",
          "[golden]") {
  CHECK(caught([](Named& g) { g.erase("bias_hh_l0"); }) == Lines{"bias_hh_l0"});
  CHECK(caught([](Named& g) { g["weight_ih_l1"] = {1}; }) == Lines{"weight_ih_l1"});
  CHECK(caught([](Named& g) { g["output.bias"].pop_back(); }) == Lines{"output.bias"});
  CHECK(caught([](Named& g) { g["output.bias"].clear(); }) == Lines{"output.bias"});
}

TEST_CASE("comparison: a batch cut by columns is put together again", "[golden]") {
  const Golden golden("gru", LossKind::cross_entropy, Readout::every);
  const Batch& batch = golden.batch();
  const Batch part = columns(batch, golden.facts(), 4, 7);
  REQUIRE(part.B == 7);
  REQUIRE(part.T == batch.T);
  std::size_t wrong = 0;
  for (int t = 0; t < part.T; ++t) {
    for (int b = 0; b < part.B; ++b) {
      const auto to = static_cast<std::size_t>(t * part.B + b);
      const auto from = static_cast<std::size_t>(t * batch.B + 4 + b);
      wrong += part.label[to] != batch.label[from] || part.weight[to] != batch.weight[from];
      for (std::size_t i = 0; i < 3; ++i) wrong += part.x[3 * to + i] != batch.x[3 * from + i];
    }
  }
  CHECK(wrong == 0);
  CHECK(part.length == std::vector<int>(batch.length.begin() + 4, batch.length.begin() + 11));
}
