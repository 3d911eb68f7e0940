#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of summaries in the list of tasks.
TaskEntry summarise_entry();

}  // namespace rnnlab
