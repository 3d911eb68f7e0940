#include "nn/initialization.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "base/statistics.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/recurrent.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

const Key key{17, Stream::parameters};

template <class S>
std::vector<S> filled(const std::string& kind, Key k, std::size_t parameter, int rows, int columns,
                      int fan_in, int fan_out, int scale) {
  std::vector<S> matrix(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  fill_matrix(kind, k, parameter, rows, columns, fan_in, fan_out, scale, matrix.data());
  return matrix;
}

/// What a layer starts from, by name.
struct Start {
  std::map<std::string, std::vector<double>> values;

  explicit Start(Layer<double>& layer, Key k = key) {
    ParamLayout layout;
    layer.declare(layout);
    std::vector<double> theta(layout.size(), std::nan(""));
    layer.initialize(k, theta.data());
    for (const Parameter& p : layout) {
      const auto* from = theta.data() + p.offset;
      values[p.name].assign(from, from + p.size());
    }
  }
};

double largest(const std::vector<double>& x) {
  double value = 0;
  for (const double v : x) value = std::max(value, std::abs(v));
  return value;
}

RecurrentOptions lstm_options() {
  return {.cell = "lstm", .activation = "tanh", .inputs = 7, .hidden = 50};
}

}  // namespace

TEST_CASE("fill_matrix: uniform between the bounds, of the variance they have", "[nn][init]") {
  struct Case {
    const char* kind;
    int fan_in, fan_out, scale;
    double bound;
  };
  for (const Case& c : {Case{"glorot", 100, 200, 5, std::sqrt(6.0 / 300)},
                        Case{"uniform", 100, 200, 25, 0.2}}) {
    CAPTURE(c.kind);
    const auto x = filled<double>(c.kind, key, 3, 200, 100, c.fan_in, c.fan_out, c.scale);
    const double n = static_cast<double>(x.size());
    const Moments m(x);
    CHECK(largest(x) <= c.bound);
    CHECK(largest(x) >= 0.999 * c.bound);
    const double variance = c.bound * c.bound / 3;
    CHECK(std::abs(m.mean) < 4 * std::sqrt(variance / n));
    CHECK(std::abs(m.variance - variance) < 4 * variance * std::sqrt(0.8 / n));
    CHECK(kolmogorov(x, [&](double v) { return (v / c.bound + 1) / 2; }) < 1.95);
  }
}

TEST_CASE("fill_matrix: a function of (key, parameter) and place alone", "[nn][init]") {
  const auto first = filled<double>("glorot", key, 0, 8, 5, 5, 8, 1);
  CHECK(filled<double>("glorot", key, 0, 8, 5, 5, 8, 1) == first);
  const auto more_rows = filled<double>("glorot", key, 0, 11, 5, 5, 8, 1);
  CHECK(std::equal(first.begin(), first.end(), more_rows.begin()));
  const auto single = filled<float>("glorot", key, 0, 8, 5, 5, 8, 1);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(single[i] == static_cast<float>(first[i]));
  CHECK(filled<double>("glorot", key, 1, 8, 5, 5, 8, 1) != first);
  CHECK(filled<double>("glorot", {18, Stream::parameters}, 0, 8, 5, 5, 8, 1) != first);
  CHECK(std::set<double>(first.begin(), first.end()).size() == first.size());
}

TEST_CASE("fill_matrix: an unknown kind is a mistake", "[nn][init]") {
  CHECK_THROWS_AS(filled<double>("normal", key, 0, 2, 2, 2, 2, 2), std::logic_error);
}

TEST_CASE("initialize: Glorot's fans, of a gate or of the fused matrix", "[nn][init]") {
  auto options = lstm_options();
  options.fused_fan = GENERATE(false, true);
  const int fan_out = options.fused_fan ? 200 : 50;
  const Start start(*make_recurrent<double>(options));
  const double ih = std::sqrt(6.0 / (7 + fan_out)), hh = std::sqrt(6.0 / (50 + fan_out));
  CHECK(largest(start.values.at("weight_ih_l0")) <= ih);
  CHECK(largest(start.values.at("weight_ih_l0")) >= 0.99 * ih);
  CHECK(largest(start.values.at("weight_hh_l0")) <= hh);
  CHECK(largest(start.values.at("weight_hh_l0")) >= 0.99 * hh);
  CHECK(largest(start.values.at("bias_ih_l0")) == 0);
  CHECK(largest(start.values.at("bias_hh_l0")) == 0);
}

TEST_CASE("initialize: input and recurrent matrices each by their own rule", "[nn][init]") {
  auto options = lstm_options();
  options.init = "uniform";
  const Start start(*make_recurrent<double>(options));
  const double by_hidden = 1 / std::sqrt(50.0), by_fans = std::sqrt(6.0 / 100);
  CHECK(largest(start.values.at("weight_ih_l0")) <= by_hidden);
  CHECK(largest(start.values.at("weight_ih_l0")) >= 0.99 * by_hidden);
  CHECK(largest(start.values.at("weight_hh_l0")) <= by_fans);
  CHECK(largest(start.values.at("weight_hh_l0")) >= 0.99 * by_fans);

  const Start head(*make_dense<double>({.inputs = 50, .outputs = 30, .init = "uniform"}));
  CHECK(largest(head.values.at("output.weight")) <= by_hidden);
  CHECK(largest(head.values.at("output.weight")) >= 0.99 * by_hidden);
  CHECK(largest(head.values.at("output.bias")) == 0);
  const Start glorot(*make_dense<double>({.inputs = 50, .outputs = 30}));
  CHECK(largest(glorot.values.at("output.weight")) <= std::sqrt(6.0 / 80));
  CHECK(largest(glorot.values.at("output.weight")) >= 0.99 * std::sqrt(6.0 / 80));
}

TEST_CASE("initialize: the retaining gate's bias, in bias_ih and in no other block", "[nn][init]") {
  struct Case {
    const char* cell;
    int gates, block;
  };
  for (const Case& c : {Case{"lstm", 4, 1}, Case{"gru", 3, 1}, Case{"elman", 1, -1}}) {
    CAPTURE(c.cell);
    auto options = lstm_options();
    options.cell = c.cell;
    options.forget_bias = 1.5;
    const Start start(*make_recurrent<double>(options));
    const auto& bias = start.values.at("bias_ih_l0");
    REQUIRE(bias.size() == static_cast<std::size_t>(c.gates * 50));
    for (int i = 0; i < c.gates * 50; ++i) {
      CHECK(bias[static_cast<std::size_t>(i)] == (i / 50 == c.block ? 1.5 : 0.0));
    }
    CHECK(largest(start.values.at("bias_hh_l0")) == 0);
  }
}

TEST_CASE("initialize: layers on one layout draw numbers of their own", "[nn][init]") {
  auto options = lstm_options();
  options.inputs = 50;
  const auto first = make_recurrent<double>(options);
  options.suffix = "_l1";
  const auto second = make_recurrent<double>(options);
  ParamLayout layout;
  first->declare(layout);
  second->declare(layout);
  std::vector<double> theta(layout.size());
  second->initialize(key, theta.data());  // in any order
  first->initialize(key, theta.data());
  std::set<double> distinct;
  std::size_t entries = 0;
  for (const Parameter& p : layout) {
    if (p.columns == 0) continue;
    distinct.insert(theta.begin() + static_cast<std::ptrdiff_t>(p.offset),
                    theta.begin() + static_cast<std::ptrdiff_t>(p.offset + p.size()));
    entries += p.size();
  }
  CHECK(distinct.size() == entries);
}
