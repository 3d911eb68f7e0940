#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of Bach's chorales, frame by frame, in the list of tasks.
TaskEntry jsb_chorales_entry();

}  // namespace rnnlab
