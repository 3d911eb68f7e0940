#include "train/instruments/alignment.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "train/memory_sink.hpp"

using namespace rnnlab;

namespace {

constexpr int T = 5, R = 6, B = 3;
const ParamLayout none;
const RunShape shape{none, {}, {}, {}, {}, T, B, R, true};

/// Weights [R, B, T] with all of a step's on one source step, NaN where nothing is to be looked at.
struct Looks {
  std::vector<double> weights =
      std::vector<double>(R * B * T, std::numeric_limits<double>::quiet_NaN());
  std::vector<int> length, target_steps;

  void add(int steps, const std::vector<int>& at) {
    const auto b = static_cast<int>(length.size());
    length.push_back(steps);
    target_steps.push_back(static_cast<int>(at.size()) + 1);
    for (int r = 0; r <= static_cast<int>(at.size()); ++r) {
      for (int t = 0; t < steps; ++t) {
        const bool end = r == static_cast<int>(at.size());
        weight(r, b, t) = end ? 1.0 / steps : t == at[static_cast<std::size_t>(r)];
      }
    }
  }
  double& weight(int r, int b, int t) {
    return weights[static_cast<std::size_t>((r * B + b) * T + t)];
  }
  StepView view() const {
    return {.step = 4,
            .layers = {},
            .length = length,
            .last_length = {},
            .parameter_norms = {},
            .target_steps = target_steps,
            .alignments = weights,
            .parameter = {}};
  }
};

}  // namespace

TEST_CASE("alignment: shares of the steps on the diagonals, and the entropy", "[instrument]") {
  Looks looks;
  looks.add(5, {0, 1, 2, 3, 4});  // the diagonal; step 2 is on both
  looks.add(5, {4, 4, 0, 0, 0});  // T − 1 − r is 4, 3, 2, 1, 0
  looks.add(1, {0});              // both
  MemorySink sink;
  Alignment alignment(shape, sink);
  CHECK(alignment.needs().alignments);
  alignment.observe(looks.view());
  const auto& table = sink.tables.at("alignment");
  CHECK(table.steps == std::vector<std::int64_t>{4});
  CHECK(table.column("diagonal").at(0) == Approx((5 + 0 + 1) / 11.0));
  CHECK(table.column("antidiagonal").at(0) == Approx((1 + 4 + 1) / 11.0));
  CHECK(table.column("entropy").at(0) == 0);
}

TEST_CASE("alignment: an even look has entropy ln T, and its first step counts", "[instrument]") {
  Looks looks;
  for (int b = 0; b < B; ++b) looks.add(4, {0, 1, 2});
  for (int b = 0; b < B; ++b) {
    for (int r = 0; r < 3; ++r) {
      for (int t = 0; t < 4; ++t) looks.weight(r, b, t) = 0.25;
    }
  }
  MemorySink sink;
  Alignment alignment(shape, sink);
  alignment.observe(looks.view());
  const auto& table = sink.tables.at("alignment");
  CHECK(table.column("entropy").at(0) == Approx(std::log(4.0)).epsilon(1e-14));
  CHECK(table.column("diagonal").at(0) == Approx(2 / 3.0));
  CHECK(table.column("antidiagonal").at(0) == Approx(1 / 3.0));
}

TEST_CASE("alignment-example: the first example, nothing past its ends", "[instrument]") {
  Looks looks;
  looks.add(2, {1, 0});
  looks.add(5, {0, 1, 2, 3, 4});
  looks.add(1, {0});
  MemorySink sink;
  AlignmentExample example(shape, sink);
  CHECK(example.due(8, false));
  CHECK_FALSE(example.due(9, true));
  example.observe(looks.view());
  const auto& table = sink.tables.at("alignment/example");
  CHECK(table.spec.axes.at(0).values.size() == R);
  CHECK(table.spec.axes.at(1).values.size() == T);
  const std::vector<double>& row = table.rows.at(0);
  REQUIRE(row.size() == R * T);
  const double expected[3][2] = {{0, 1}, {1, 0}, {0.5, 0.5}};
  for (std::size_t r = 0; r < R; ++r) {
    for (std::size_t t = 0; t < T; ++t) {
      if (r < 3 && t < 2) {
        CHECK(row[r * T + t] == expected[r][t]);
      } else {
        CHECK(std::isnan(row[r * T + t]));
      }
    }
  }
}

TEST_CASE("alignment: without attention it is refused", "[instrument]") {
  const RunShape blind{none, {}, {}, {}, {}, T, B, R, false};
  MemorySink sink;
  CHECK_THROWS_AS(Alignment(blind, sink), Error);
  CHECK_THROWS_AS(AlignmentExample(blind, sink), Error);
}
