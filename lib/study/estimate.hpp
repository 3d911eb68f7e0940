#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "study/grid.hpp"

namespace rnnlab {

/// How long a grid would take.
struct SweepEstimate {
  double run_seconds = 0;      // of all runs, one after the other; NaN if nothing could be timed
  double longest_seconds = 0;  // of one run
  std::size_t settings = 0;    // that differ in more than the seed
  std::size_t timed = 0;       // of them, by real training steps
  double spent_seconds = 0;    // on the timing
  /// Settings that cannot be trained, each with the reason.
  std::vector<std::string> refused = {};

  /// With so many runs at a time, each with `threads` threads, on so many cores.
  double seconds(int at_once, int threads, int cores) const;
};

/// Takes real training steps of a few settings, first one of every pair of task and model, for
/// about `budget` seconds in all (longer if single steps are), and scales them to the others by
/// their cost (step_cost), the nearest timed one of the same task and model where there is one.
/// Counted are setup, every step, validations and the test (a third of a step's work per example);
/// not the instruments and files, nor that a run may end early.
SweepEstimate estimate(const std::vector<GridPoint>&, double budget, const std::atomic<bool>& stop);

}  // namespace rnnlab
