#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entries of copy-sequence, reverse and sort in the list of tasks.
TaskEntry copy_sequence_entry();
TaskEntry reverse_entry();
TaskEntry sort_entry();

}  // namespace rnnlab
