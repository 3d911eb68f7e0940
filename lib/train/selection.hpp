#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/state.hpp"

namespace rnnlab {

/// The parameters that a run ends with where `train.select` is best: those of the validation whose
/// metric is best, the earliest of equals (early stopping without the stop: Prechelt, "Early
/// Stopping
/// - But When?", 1998). Part of a run's state, so that an interruption changes nothing.
template <class S>
class Selection {
 public:
  explicit Selection(bool lower_is_better) : lower_is_better_(lower_is_better) {}

  /// The parameters before step `step`, and what they came to; a NaN is never best.
  void offer(std::int64_t step, double metric, std::span<const S> parameters) {
    if (std::isnan(metric)) return;
    if (any() && !(lower_is_better_ ? metric < metric_ : metric > metric_)) return;
    step_ = step;
    metric_ = metric;
    parameters_.assign(parameters.begin(), parameters.end());
  }
  bool any() const { return step_ >= 0; }
  std::int64_t step() const { return step_; }
  double metric() const { return metric_; }
  const std::vector<S>& parameters() const { return parameters_; }

  void save(State& state) const {
    state.put<std::int64_t>("best/step", std::span(&step_, 1));
    state.put<double>("best/metric", std::span(&metric_, 1));
    if (any()) state.put<S>("best/parameters", std::span(parameters_));
  }
  /// Of a run with so many parameters.
  void load(const State& state, std::size_t parameters) {
    state.take<std::int64_t>("best/step", std::span(&step_, 1));
    state.take<double>("best/metric", std::span(&metric_, 1));
    parameters_.resize(any() ? parameters : 0);
    if (any()) state.take<S>("best/parameters", std::span(parameters_));
  }

 private:
  bool lower_is_better_;
  std::int64_t step_ = -1;
  double metric_ = std::numeric_limits<double>::quiet_NaN();
  std::vector<S> parameters_;
};

}  // namespace rnnlab
