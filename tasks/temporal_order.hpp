#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the temporal order problem in the list of tasks.
TaskEntry temporal_order_entry();

}  // namespace rnnlab
