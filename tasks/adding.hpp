#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the adding problem in the list of tasks.
TaskEntry adding_entry();

}  // namespace rnnlab
