#include "study/theory.hpp"

#include <cmath>
#include <numbers>

#include "base/check.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

/// E[f(z)], z ~ N(0, 1), by the trapezoidal rule, which converges geometrically on such integrands.
template <class F>
double gaussian_mean(F&& f) {
  constexpr int half = 400;
  constexpr double step = 10.0 / half;
  double sum = 0;
  for (int i = -half; i <= half; ++i) {
    const double z = i * step;
    sum += f(z) * std::exp(-0.5 * z * z);
  }
  return sum * step / std::sqrt(2 * std::numbers::pi);
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

double mean_field_slope(double g, double variance) {
  double q = 1;
  for (int i = 0; i < 100000; ++i) {
    const double deviation = std::sqrt(g * g * q + variance);
    const double next = gaussian_mean([&](double z) {
      const double h = std::tanh(deviation * z);
      return h * h;
    });
    const bool settled = std::abs(next - q) < 1e-14;
    q = next;
    if (settled) break;
  }
  const double deviation = std::sqrt(g * g * q + variance);
  const double slopes = gaussian_mean([&](double z) {
    const double h = std::tanh(deviation * z);
    return (1 - h * h) * (1 - h * h);
  });
  return std::log(g) + 0.5 * std::log(slopes);
}

const std::vector<std::string>& theory_names() {
  static const std::vector<std::string> names{"ln-gain", "mean-field", "gate-mean",
                                              "mean-log-forget"};
  return names;
}

double theory(const std::string& name,
              const std::function<std::string(const std::string& key)>& value) {
  const auto number = [&](const std::string& key) { return parse_double(value(key)).value(); };
  const double g = number("model.spectral_radius");
  if (name == "ln-gain") return std::log(g);
  if (name == "mean-field") return mean_field_slope(g, std::pow(number("model.input_gain"), 2));
  const double retained = logistic(number("model.forget_bias"));
  if (name == "mean-log-forget") return std::log(retained);
  RNNLAB_CHECK_EQ(name, "gate-mean");
  const bool lstm = value("model.cell") == "lstm";
  return std::log(retained + (lstm ? g / 4 : (1 - retained) * g / 2));
}

}  // namespace rnnlab
