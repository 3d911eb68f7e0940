#pragma once

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/phases.hpp"

namespace rnnlab {

/// Wall times of one training step: the median step, and the phases' shares of it.
struct Profile {
  double ms_per_step = 0;
  std::vector<std::pair<std::string, double>> phases;  // name, milliseconds; they sum to the step
};

/// Collects the times of training steps. Reading the clock at every phase slows a step, so that
/// only every fourth is read phase by phase; the others give the time of a whole step (median).
/// A phase's share is its part of the time of those read steps that are neither among the fastest
/// nor the slowest quarter: shares of the same steps add up, however unsteady the machine.
class Profiler {
 public:
  explicit Profiler(bool on) : on_(on) {}

  /// Whether step `step` is to be read phase by phase.
  bool reads_phases(std::int64_t step) const { return on_ && step % 4 == 0; }

  void begin() {
    if (on_) begun_ = Clock::now();
  }
  /// What happens until resume() is no part of the step.
  void pause() {
    if (on_) paused_ = Clock::now();
  }
  void resume() {
    if (on_) begun_ += Clock::now() - paused_;
  }
  /// The step that began last has ended; `phases` if it was read phase by phase.
  void end(const PhaseTimes* phases) {
    if (!on_) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    if (!phases) return steps_.push_back(seconds);
    read_steps_.push_back(seconds);
    for (std::size_t i = 0; i < phase_count; ++i) phases_[i].push_back((*phases)[i]);
  }

  Profile result() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool on_;
  Clock::time_point begun_, paused_;
  std::vector<double> steps_, read_steps_;  // seconds
  std::array<std::vector<double>, phase_count> phases_;
};

}  // namespace rnnlab
