#include "train/instruments/gradient_flow.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.hpp"
#include "train/memory_sink.hpp"

using namespace rnnlab;

TEST_CASE("gradient-flow averages over the examples whose step is valid", "[instrument]") {
  const ParamLayout none;
  const RunShape shape{none, {"layers.0.forward"}, {false}, {3}, {true}, 3, 2};
  MemorySink sink;
  GradientFlow flow(shape, sink);
  // [T, B]: example 0 has three steps, example 1 only two, the last of them exactly zero.
  const double norms[] = {1, 4, 2, 0, 8, -1};
  const int length[] = {3, 2};
  const LayerSignals layers[] = {{.hidden = norms, .length = length}};
  flow.observe({.step = 7,
                .layers = layers,
                .length = length,
                .last_length = {},
                .parameter_norms = {},
                .parameter = {}});

  REQUIRE(sink.tables.size() == 1);
  const auto& table = sink.tables.at("gradients/hidden/layers.0.forward");
  REQUIRE(table.steps == std::vector<std::int64_t>{7});
  const std::vector<double>& row = table.rows.at(0);
  const double expected[] = {2.5,
                             1.0,
                             8.0,  // norm
                             std::log(4.0) / 2,
                             std::log(2.0),
                             std::log(8.0),  // log_norm
                             0,
                             1,
                             0};  // zeros
  REQUIRE(row.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) CHECK(row[i] == Approx(expected[i]).margin(1e-15));
}

TEST_CASE("past every example's end there is no gradient", "[instrument]") {
  const ParamLayout none;
  const RunShape shape{none, {"layers.0.forward"}, {true}, {2}, {true}, 2, 1};
  MemorySink sink;
  GradientFlow flow(shape, sink);
  const double norms[] = {0, 0};
  const int length[] = {1};
  const LayerSignals layers[] = {{.hidden = norms, .cell = norms, .length = length}};
  flow.observe({.step = 0,
                .layers = layers,
                .length = length,
                .last_length = {},
                .parameter_norms = {},
                .parameter = {}});
  for (const char* group :
       {"gradients/hidden/layers.0.forward", "gradients/cell/layers.0.forward"}) {
    const std::vector<double>& row = sink.tables.at(group).rows.at(0);
    CHECK(row[0] == 0);
    CHECK(std::isnan(row[1]));
    CHECK(std::isnan(row[2]));  // only exact zeros: no logarithm
    CHECK(std::isnan(row[3]));
    CHECK(row[4] == 1);
    CHECK(row[5] == 0);
  }
}

TEST_CASE("logarithms of many norms of any size are those of a plain sum", "[instrument]") {
  for (const int B : {1, 7, 8, 1001}) {
    const ParamLayout none;
    const RunShape shape{none, {"layers.0.forward"}, {false}, {1}, {true}, 1, B};
    MemorySink sink;
    GradientFlow flow(shape, sink);
    Rng rng({1, Stream::test}, 0);
    std::vector<double> norms(static_cast<std::size_t>(B));
    for (double& norm : norms) norm = std::exp(200 * rng.normal());
    const std::vector<int> length(norms.size(), 1);
    const LayerSignals layers[] = {{.hidden = norms.data(), .length = length.data()}};
    const StepView view{.step = 0,
                        .layers = layers,
                        .length = length,
                        .last_length = {},
                        .parameter_norms = {},
                        .parameter = {}};
    flow.observe(view);
    long double logs = 0;
    for (const double norm : norms) logs += std::log(norm);
    norms.back() = std::numeric_limits<double>::quiet_NaN();
    flow.observe(view);
    norms.back() = std::numeric_limits<double>::infinity();
    flow.observe(view);

    const auto& rows = sink.tables.at("gradients/hidden/layers.0.forward").rows;
    CHECK(rows[0][1] == Approx(static_cast<double>(logs / B)).epsilon(1e-13));
    CHECK(rows[0][2] == 0);
    CHECK(std::isnan(rows[1][0]));
    CHECK(std::isnan(rows[1][1]));
    CHECK(rows[2][0] == norms.back());
    CHECK(rows[2][1] == norms.back());
  }
}
