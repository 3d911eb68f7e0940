// What layers start from.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "base/statistics.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/pool.hpp"
#include "nn/layers/recurrent.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

const Key key{17, Stream::parameters};

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
  for (const Case& c :
       {Case{"lstm", 4, 1}, Case{"gru", 3, 1}, Case{"elman", 1, -1}, Case{"leaky", 1, -1},
        Case{"lstm-peephole", 4, 1}, Case{"lstm-coupled", 3, 0}, Case{"lstm-no-input-gate", 3, 0},
        Case{"lstm-no-forget-gate", 3, -1}, Case{"lstm-no-output-gate", 3, 1}}) {
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

TEST_CASE("initialize: chrono biases are ln U(1, T - 1), the input gate's their negative",
          "[nn][init]") {
  struct Case {
    const char* cell;
    int gates, retains, lets_in;
  };
  constexpr double T = 200;
  for (const Case& c :
       {Case{"lstm", 4, 1, 0}, Case{"gru", 3, 1, -1}, Case{"lstm-coupled", 3, 0, -1},
        Case{"lstm-peephole", 4, 1, 0}, Case{"lstm-no-forget-gate", 3, -1, 0}}) {
    CAPTURE(c.cell);
    auto options = lstm_options();
    options.cell = c.cell;
    options.hidden = 1000;
    options.forget_bias = 1;
    options.chrono = T;
    const Start start(*make_recurrent<double>(options));
    const auto& bias = start.values.at("bias_ih_l0");
    const auto gate = [&](int k) {
      return std::vector<double>(bias.begin() + 1000 * k, bias.begin() + 1000 * (k + 1));
    };
    std::vector<double> drawn = gate(c.retains >= 0 ? c.retains : c.lets_in);
    if (c.retains < 0) {
      for (double& v : drawn) v = -v;
    }
    CHECK(kolmogorov(drawn, [&](double v) { return (std::exp(v) - 1) / (T - 2); }) < 1.95);
    for (int k = 0; k < c.gates; ++k) {
      if (k == c.retains) continue;
      for (std::size_t u = 0; u < 1000; ++u) {
        CHECK(gate(k)[u] == (k == c.lets_in ? -drawn[u] : 0.0));
      }
    }
    CHECK(largest(start.values.at("bias_hh_l0")) == 0);
  }
  auto options = lstm_options();
  options.chrono = T;
  options.bias = false;
  CHECK_THROWS_WITH(make_recurrent<double>(options), Catch::Contains("model.chrono"));
  options = lstm_options();
  options.chrono = 1.5;
  CHECK_THROWS_WITH(make_recurrent<double>(options), Catch::Contains("2 steps or more"));
  options.chrono = T;
  options.cell = "elman";
  CHECK_THROWS_WITH(make_recurrent<double>(options), Catch::Contains("no gate that retains"));
}

TEST_CASE("initialize: deviation, connections and leak reach their parameters", "[nn][init]") {
  auto options = lstm_options();
  options.init = "normal";
  options.recurrent_init = "sparse";
  options.init_std = 0.01;
  options.init_connections = 5;
  options.spectral_radius = 0.95;
  const Start start(*make_recurrent<double>(options));
  CHECK(Moments(start.values.at("weight_ih_l0")).variance == Approx(1e-4).epsilon(0.2));
  const auto& hh = start.values.at("weight_hh_l0");
  CHECK(std::count_if(hh.begin(), hh.end(), [](double v) { return v != 0; }) == 200 * 5);
  for (int gate = 0; gate < 4; ++gate) {
    CHECK(spectral_radius(hh.data() + gate * 2500, 50) == Approx(0.95).epsilon(1e-10));
  }
  options.recurrent_init = "normal";
  const Start normal(*make_recurrent<double>(options));
  CHECK(Moments(normal.values.at("weight_hh_l0")).variance == Approx(1e-4).epsilon(0.1));
  const Start head(
      *make_dense<double>({.inputs = 50, .outputs = 30, .init = "normal", .init_std = 0.001}));
  CHECK(Moments(head.values.at("output.weight")).variance == Approx(1e-6).epsilon(0.2));

  const Start pool(*make_attention_pool<double>({.width = 40, .init = "normal", .init_std = 0.01}));
  CHECK(Moments(pool.values.at("pool.weight")).variance == Approx(1e-4).epsilon(0.2));
  CHECK(Moments(pool.values.at("pool.context")).variance == Approx(1e-4).epsilon(0.5));

  options.cell = "jordan";
  options.outputs = 30;
  const Start jordan(*make_recurrent<double>(options));
  CHECK(Moments(jordan.values.at("output.weight")).variance == Approx(1e-4).epsilon(0.2));

  options.cell = "leaky";
  options.leak = 0.3;
  const Start leaky(*make_recurrent<double>(options));
  CHECK(leaky.values.at("leak_l0") == std::vector<double>(50, 0.3));
  options.cell = "lstm-peephole";
  const Start peephole(*make_recurrent<double>(options));
  for (const char* name : {"weight_ci_l0", "weight_cf_l0", "weight_co_l0"}) {
    CHECK(peephole.values.at(name) == std::vector<double>(50, 0.0));
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
