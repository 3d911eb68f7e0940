#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of machine translation in the list of tasks.
TaskEntry translation_entry();

}  // namespace rnnlab
