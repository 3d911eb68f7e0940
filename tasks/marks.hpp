#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// An image of marks; of each point, or of the one in the middle, whether another one stands in its
/// row and another one in its column.
TaskEntry marks_entry();

}  // namespace rnnlab
