#include "study/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>

namespace rnnlab {
namespace {

// Shares are products of fractions; 1 − 1/2 must count as one half.
constexpr double rounding = 1e-12;

template <class Share>
double first_step(const std::vector<ReachedShare>& curve, double share, Share&& of) {
  for (const ReachedShare& point : curve)
    if (of(point) >= share - rounding) return point.step;
  return INFINITY;
}

}  // namespace

std::vector<ReachedShare> kaplan_meier(const std::vector<Passage>& passages) {
  std::vector<double> events;
  for (const Passage& passage : passages)
    if (passage.reached) events.push_back(passage.step);
  std::sort(events.begin(), events.end());

  std::vector<ReachedShare> curve;
  double left = 1;       // S
  double greenwood = 0;  // Σ d / (n (n − d))
  double runs = 0;       // that the variance stands for
  for (auto event = events.begin(); event != events.end();) {
    ReachedShare point{.step = *event};
    point.at_risk = static_cast<std::size_t>(
        std::count_if(passages.begin(), passages.end(),
                      [&](const Passage& passage) { return passage.step >= point.step; }));
    const auto next = std::upper_bound(event, events.end(), point.step);
    point.events = static_cast<std::size_t>(next - event);
    event = next;

    const auto n = static_cast<double>(point.at_risk), d = static_cast<double>(point.events);
    left *= (n - d) / n;
    greenwood += d / (n * (n - d));
    point.share = 1 - left;
    point.standard_error = left > 0 ? left * std::sqrt(greenwood) : NAN;
    // Of nobody left the variance says nothing: the runs are those of the step before.
    if (left > 0) runs = (1 - left) / (left * greenwood);
    if (runs == 0) runs = n;
    point.ci = wilson_share(point.share, runs);
    curve.push_back(point);
  }
  return curve;
}

double reached_quantile(const std::vector<ReachedShare>& curve, double share) {
  return first_step(curve, share, [](const ReachedShare& point) { return point.share; });
}

Interval reached_quantile_interval(const std::vector<ReachedShare>& curve, double share) {
  return {first_step(curve, share, [](const ReachedShare& point) { return point.ci.high; }),
          first_step(curve, share, [](const ReachedShare& point) { return point.ci.low; })};
}

}  // namespace rnnlab
