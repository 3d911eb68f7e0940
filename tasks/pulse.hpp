#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of pulse in the list of tasks.
TaskEntry pulse_entry();

}  // namespace rnnlab
