#pragma once

#include <string>

#include "data/task.hpp"

namespace rnnlab {

/// What a result on this task is to be read beside: its baselines, or else the chance level and
/// where the task counts as solved.
std::string reference_text(const Task&);

}  // namespace rnnlab
