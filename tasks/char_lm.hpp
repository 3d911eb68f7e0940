#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the character language model in the list of tasks.
TaskEntry char_lm_entry();

}  // namespace rnnlab
