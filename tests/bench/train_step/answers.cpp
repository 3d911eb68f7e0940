#include "train_step/answers.hpp"

#include <cmath>
#include <cstdio>

namespace rnnlab::bench {
namespace {

constexpr double rounding_decides = 1e-3;

std::string sentence(const std::string& what, double difference) {
  char number[64];
  std::snprintf(number, sizeof number, "%.1e (at most %.0e)", difference, tolerance);
  return what + " differs from ours by a relative " + number;
}

/// ‖a − b‖ / ‖b‖ over the entries where `counts`; 0 where both are zero, NaN if their sizes differ.
template <class A, class B, class F>
double distance(const A& a, const B& b, F&& counts) {
  double difference = 0, size = 0;
  if (a.size() != b.size()) return NAN;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (!counts(i)) continue;
    difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    size += std::pow(static_cast<double>(b[i]), 2);
  }
  return difference == 0 ? 0 : std::sqrt(difference / size);
}

double root_mean_square(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v) * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

std::vector<double> step_from(const std::vector<float>& before, const std::vector<float>& after) {
  std::vector<double> step(after.begin(), after.end());
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    step[i] -= static_cast<double>(before[i]);
  }
  return step;
}

}  // namespace

std::string first_difference(const CaseFile& file, const Answers& theirs) {
  const auto within = [](double difference) { return difference <= tolerance; };  // false for NaN
  const auto all = [](std::size_t) { return true; };
  const auto loss_differs = [&](std::size_t step) {
    const double ours = static_cast<double>(file.at("loss").values[step]);
    const double difference =
        step < theirs.loss.size() ? std::abs(theirs.loss[step] - ours) / ours : NAN;
    return within(difference) ? ""
                              : sentence("the loss of step " + std::to_string(step), difference);
  };
  if (std::string differs = loss_differs(0); !differs.empty()) return differs;
  const std::string group = "parameter/";
  for (const auto& [path, parameter] : file.arrays) {
    if (!path.starts_with(group)) continue;
    const std::string name = path.substr(group.size());
    const auto gradient = theirs.gradient.find(name), updated = theirs.updated.find(name);
    if (gradient == theirs.gradient.end() || updated == theirs.updated.end()) {
      return "there is no " + name;
    }
    const std::vector<float>& ours = file.at("gradient/" + name).values;
    if (const double d = distance(gradient->second, ours, all); !within(d)) {
      return sentence("the gradient of " + name, d);
    }
    const double least = rounding_decides * root_mean_square(ours);
    const double d = distance(step_from(parameter.values, updated->second),
                              step_from(parameter.values, file.at("updated/" + name).values),
                              [&](std::size_t i) { return std::abs(ours[i]) >= least; });
    if (!within(d)) return sentence("the update of " + name, d);
  }
  for (std::size_t step = 1; step < file.at("loss").values.size(); ++step) {
    if (std::string differs = loss_differs(step); !differs.empty()) return differs;
  }
  return {};
}

}  // namespace rnnlab::bench
