#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// What greedy decoding finds, against the true targets, ends left out:
///
///   NAME          Σ edits / Σ symbols of the true targets; an edit is an insertion, a deletion or
///                 a substitution, so it may be above 1 (character error rate, of characters)
///   exact_match   the share of examples without an edit
std::vector<TestMetric> error_rate_metrics(const std::string& name, const std::string& long_name);

/// Of a task with Readout::sequence.
std::unique_ptr<Scorer> error_rate_scorer();

}  // namespace rnnlab
