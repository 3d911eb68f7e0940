#include "nn/optim/optim.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "nn/layers/layer_run.hpp"
#include "nn/optim/gradient_norms.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int steps = 10;
constexpr std::size_t n = 1003;

std::vector<double> gradient_of(int step) {
  auto g = float_noise(n, 0.5, static_cast<std::uint64_t>(100 + step));
  g[7] = 0;  // a parameter that nothing reaches
  return g;
}

constexpr auto constant = [](int) { return 1.0; };
constexpr auto rising_and_falling = [](int step) {
  return step < 3 ? 0.25 * (step + 1) : 3.0 / step;
};

/// θ after ten steps. `split`: the range in that many pieces, the last piece first.
template <class S>
std::vector<double> moved(const OptimizerOptions& options, std::size_t split = 1,
                          double factor(int) = constant) {
  const auto optimizer = make_optimizer<S>(options, n);
  const auto start = float_noise(n, 1, 1);
  std::vector<S> theta(start.begin(), start.end());
  for (int step = 0; step < steps; ++step) {
    const auto noise = gradient_of(step);
    std::vector<S> g(noise.begin(), noise.end());
    optimizer->begin(step, factor(step));
    for (std::size_t k = split; k-- > 0;) {
      optimizer->update(theta.data(), g.data(), n * k / split, n * (k + 1) / split);
    }
  }
  return {theta.begin(), theta.end()};
}

/// θ after ten steps of a textbook rule on one parameter, `state` its own memory.
using State = std::array<double, 3>;
using Rule = std::function<double(double theta, double g, int t, State& state)>;

std::vector<double> textbook(const Rule& rule, double start_of_state = 0,
                             double factor(int) = constant) {
  auto theta = float_noise(n, 1, 1);
  std::vector<State> state(n, {start_of_state, 0, 0});
  for (int step = 0; step < steps; ++step) {
    const auto g = gradient_of(step);
    for (std::size_t i = 0; i < n; ++i) {
      const double next = rule(theta[i], g[i], step + 1, state[i]);  // linear in the rate
      theta[i] += factor(step) * (next - theta[i]);
    }
  }
  return theta;
}

struct Variant {
  OptimizerOptions options;
  Rule rule;
};

std::vector<Variant> variants() {
  std::vector<Variant> list;
  for (const double momentum : {0.0, 0.9}) {
    list.push_back({{.name = "sgd", .lr = 0.03, .momentum = momentum},
                    [=](double theta, double g, int, State& v) {
                      v[0] = momentum * v[0] + g;
                      return theta - 0.03 * v[0];
                    }});
    for (const std::string epsilon_at : {"outside", "inside", "none"}) {
      for (const double accumulator : {0.0, 0.25}) {
        list.push_back({{.name = "rmsprop",
                         .lr = 0.01,
                         .momentum = momentum,
                         .decay = 0.9,
                         .epsilon = 1e-3,
                         .epsilon_at = epsilon_at,
                         .accumulator = accumulator},
                        [=](double theta, double g, int, State& state) {
                          auto& [a, v, unused] = state;
                          a = 0.9 * a + (1 - 0.9) * g * g;
                          double step = 0;
                          if (epsilon_at == "outside") step = g / (std::sqrt(a) + 1e-3);
                          if (epsilon_at == "inside") step = g / std::sqrt(a + 1e-3);
                          if (epsilon_at == "none" && a > 0) step = g / std::sqrt(a);
                          v = momentum * v + step;
                          return theta - 0.01 * v;
                        }});
      }
    }
  }
  for (const double epsilon : {1e-8, 1e-2}) {
    list.push_back({{.name = "adam", .lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = epsilon},
                    [=](double theta, double g, int t, State& state) {
                      auto& [m, v, unused] = state;
                      m = 0.8 * m + (1 - 0.8) * g;
                      v = 0.95 * v + (1 - 0.95) * g * g;
                      const double m_hat = m / (1 - std::pow(0.8, t));
                      const double v_hat = v / (1 - std::pow(0.95, t));
                      return theta - 0.02 * m_hat / (std::sqrt(v_hat) + epsilon);
                    }});
  }
  // Graves 2013, equations 38 to 41, in his letters; n_i begins at `accumulator`.
  list.push_back({{.name = "rmsprop",
                   .lr = 1e-4,
                   .momentum = 0.9,
                   .decay = 0.95,
                   .epsilon = 1e-4,
                   .epsilon_at = "inside",
                   .centered = true},
                  [](double theta, double epsilon, int, State& state) {
                    auto& [n_i, g_i, delta] = state;
                    n_i = 0.95 * n_i + (1 - 0.95) * epsilon * epsilon;
                    g_i = 0.95 * g_i + (1 - 0.95) * epsilon;
                    delta = 0.9 * delta - 1e-4 * epsilon / std::sqrt(n_i - g_i * g_i + 1e-4);
                    return theta + delta;
                  }});
  // Arjovsky et al. 2016.
  list.push_back(
      {{.name = "rmsprop", .lr = 1e-3, .decay = 0.9, .epsilon_at = "none", .accumulator = 1e-3},
       [](double theta, double g, int, State& state) {
         state[0] = 0.9 * state[0] + (1 - 0.9) * g * g;
         return theta - 1e-3 * g / std::sqrt(state[0]);
       }});
  return list;
}

/// The same rules under weight decay, each as it is defined.
std::vector<Variant> decaying() {
  std::vector<Variant> list;
  constexpr double lambda = 0.3;
  for (Variant v : variants()) {
    const Rule rule = v.rule;
    v.options.weight_decay = lambda;
    v.rule = [=](double theta, double g, int t, State& state) {
      return rule(theta, g + lambda * theta, t, state);
    };
    list.push_back(v);
    if (v.options.name != "adam") continue;
    v.options.name = "adamw";
    v.rule = [=](double theta, double g, int t, State& state) {
      return rule(theta, g, t, state) - 0.02 * lambda * theta;  // lr λ θ apart from the rest
    };
    list.push_back(v);
  }
  return list;
}

template <class F>
void for_each_variant(F&& f) {
  for (const Variant& v : variants()) {
    CAPTURE(v.options.name, v.options.momentum, v.options.epsilon_at, v.options.accumulator,
            v.options.epsilon);
    f(v);
  }
}

}  // namespace

TEST_CASE("optimizers: ten steps are the textbook's", "[nn][optim]") {
  for_each_variant([](const Variant& v) {
    const auto exact = textbook(v.rule, v.options.accumulator);
    const auto ours = moved<double>(v.options);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(ours[i] - exact[i]));
    CHECK(worst <= 1e-14);
    CHECK(relative_error(moved<float>(v.options), exact) <= 1e-6);
  });
}

TEST_CASE("optimizers: weight decay is the textbook's, in any split", "[nn][optim]") {
  for (const Variant& v : decaying()) {
    CAPTURE(v.options.name, v.options.momentum, v.options.epsilon_at, v.options.accumulator,
            v.options.epsilon, v.options.centered);
    const auto exact = textbook(v.rule, v.options.accumulator);
    const auto ours = moved<double>(v.options);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(ours[i] - exact[i]));
    CHECK(worst <= 1e-13);
    CHECK((moved<float>(v.options, 64) == moved<float>(v.options)));
  }
}

TEST_CASE("optimizers: a rate that changes is the textbook's at each step", "[nn][optim]") {
  for (const Variant& v : decaying()) {
    CAPTURE(v.options.name, v.options.momentum, v.options.epsilon_at, v.options.accumulator,
            v.options.epsilon, v.options.centered);
    const auto exact = textbook(v.rule, v.options.accumulator, rising_and_falling);
    const auto ours = moved<double>(v.options, 1, rising_and_falling);
    double worst = 0, from_constant = 0;
    for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(ours[i] - exact[i]));
    CHECK(worst <= 1e-13);
    const auto unchanged = moved<double>(v.options);
    for (std::size_t i = 0; i < n; ++i)
      from_constant = std::max(from_constant, std::abs(ours[i] - unchanged[i]));
    CHECK(from_constant > 1e-5);
  }
}

TEST_CASE("optimizers: any split of the range gives the same bits", "[nn][optim]") {
  for_each_variant([](const Variant& v) {
    for (const std::size_t split : {2u, 3u, 64u, 1003u}) {
      CHECK((moved<float>(v.options, split) == moved<float>(v.options)));
      CHECK((moved<double>(v.options, split) == moved<double>(v.options)));
    }
  });
}

TEST_CASE("optimizers: a parameter without gradient stays where it is", "[nn][optim]") {
  for_each_variant(
      [](const Variant& v) { CHECK(moved<double>(v.options)[7] == float_noise(n, 1, 1)[7]); });
}

TEST_CASE("optimizers: the list names what can be made", "[nn][optim]") {
  for (const Listing& listing : optimizer_list()) {
    CHECK(make_optimizer<float>({.name = listing.name}, 3) != nullptr);
    CHECK_FALSE(listing.summary.empty());
  }
  CHECK_THROWS_AS(make_optimizer<float>({.name = "newton"}, 3), std::logic_error);
}

TEST_CASE("gradient norms: of each parameter and of all, the same bits for any order of tiles",
          "[nn][optim]") {
  constexpr std::size_t tile = GradientNorms::tile;
  ParamLayout layout;
  layout.add("small", 7, 0);
  layout.add("over two cuts", 2 * static_cast<int>(tile), 1);
  layout.add("to a cut", static_cast<int>(tile) - 7, 0);
  layout.add("whole tiles", 4, static_cast<int>(tile));
  layout.add("last", 3, 5);
  const auto g = float_noise(layout.size(), 1, 9);

  std::vector<double> first;
  for (const std::size_t tiles_at_once : {1u, 2u, 100u}) {
    GradientNorms norms(layout);
    const std::size_t stride = tiles_at_once * tile;
    for (std::size_t k = (g.size() + stride - 1) / stride; k-- > 0;) {
      norms.measure(g.data(), k * stride, std::min(g.size(), (k + 1) * stride));
    }
    std::vector<double> all(layout.count());
    norms.by_parameter(all);
    for (std::size_t i = 0; i < layout.count(); ++i) {
      long double square = 0;
      for (std::size_t j = 0; j < layout[i].size(); ++j) {
        square += static_cast<long double>(g[layout[i].offset + j]) * g[layout[i].offset + j];
      }
      CHECK(all[i] == Approx(static_cast<double>(std::sqrt(square))).epsilon(1e-13));
    }
    CHECK(norms.whole() ==
          Approx(std::hypot(std::hypot(all[0], all[1], all[2]), all[3], all[4])).epsilon(1e-13));
    all.push_back(norms.whole());
    if (first.empty()) first = all;
    CHECK(all == first);
  }
}
