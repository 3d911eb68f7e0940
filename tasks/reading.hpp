#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of questions about texts in the list of tasks.
TaskEntry reading_entry();

}  // namespace rnnlab
