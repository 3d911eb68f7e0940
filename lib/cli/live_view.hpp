#pragma once

#include "cli/progress.hpp"
#include "study/status_report.hpp"

namespace rnnlab {

/// Shows how far a sweep or a run has come: counts of states and time left; on a terminal, for a
/// sweep, a line for each group of runs that differ in their seed alone, with the mean of the test
/// metric over those that have completed. Groups at work come first where there is not room for
/// all.
void show(ProgressLine&, const StatusReport&);

/// `12 of 300 runs done (1 diverged), 2 running, 1 failed, 3 min 20 s left`, or of a single run
/// `step 120/5000  loss 0.1  metric 0.2  40 s left`.
std::string summary_text(const StatusReport&);

}  // namespace rnnlab
