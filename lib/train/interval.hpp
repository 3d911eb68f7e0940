#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "train/stepper.hpp"

namespace rnnlab {

/// Of the steps since the last row of `metrics/train`: sums, of which it holds the means, and the
/// largest norm (NaN where one was). Loss and metric are those of the steps that scored anything.
struct IntervalSums {
  std::int64_t steps = 0, scored = 0;
  double loss = 0, metric = 0, norm = 0, norm_max = 0, clipped_norm = 0;
  std::int64_t clipped = 0;
  double omega = 0, sequence_accuracy = 0;

  void add(const StepResult& r, double clipped_to) {
    ++steps;
    if (r.scored) {
      ++scored;
      loss += r.loss;
      metric += r.metric;
    }
    norm += r.grad_norm;
    if (!(r.grad_norm <= norm_max) && !std::isnan(norm_max)) norm_max = r.grad_norm;
    clipped_norm += clipped_to;
    clipped += clipped_to < r.grad_norm;
    omega += r.omega;
    sequence_accuracy += r.sequence_accuracy;
  }
  double mean(double sum) const { return sum / static_cast<double>(steps); }
  /// NaN where no step scored anything.
  double mean_of_scored(double sum) const { return sum / static_cast<double>(scored); }

  static constexpr std::size_t count = 10;
  std::array<double, count> numbers() const {
    return {static_cast<double>(steps),
            static_cast<double>(scored),
            loss,
            metric,
            norm,
            norm_max,
            clipped_norm,
            static_cast<double>(clipped),
            omega,
            sequence_accuracy};
  }
  static IntervalSums of(const std::array<double, count>& n) {
    const auto whole = [&](std::size_t i) { return static_cast<std::int64_t>(n[i]); };
    return {whole(0), whole(1), n[2], n[3], n[4], n[5], n[6], whole(7), n[8], n[9]};
  }
};

/// Values of a row of metrics, some of which depend on the run.
class MetricsRow {
 public:
  MetricsRow(std::initializer_list<double> values) {
    for (const double value : values) add(value);
  }
  void add(double value) { values_[count_++] = value; }
  operator std::span<const double>() const { return {values_.data(), count_}; }

 private:
  std::array<double, 10> values_;
  std::size_t count_ = 0;
};

}  // namespace rnnlab
