#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of melodies of a class in the list of tasks.
TaskEntry melodies_entry();

}  // namespace rnnlab
