#pragma once

#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// THE list of tasks.
const std::vector<TaskEntry>& task_list();

}  // namespace rnnlab
