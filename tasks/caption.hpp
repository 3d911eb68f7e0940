#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of captions in the list of tasks.
TaskEntry caption_entry();

}  // namespace rnnlab
