#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of parity in the list of tasks.
TaskEntry parity_entry();

}  // namespace rnnlab
