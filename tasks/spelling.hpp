#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of spelling correction in the list of tasks.
TaskEntry spelling_entry();

}  // namespace rnnlab
