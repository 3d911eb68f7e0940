#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the word language model in the list of tasks.
TaskEntry word_lm_entry();

}  // namespace rnnlab
