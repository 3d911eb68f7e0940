#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the copy memory problem in the list of tasks.
TaskEntry copy_entry();

}  // namespace rnnlab
