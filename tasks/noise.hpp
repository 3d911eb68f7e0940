#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of the noise task in the list of tasks.
TaskEntry noise_entry();

}  // namespace rnnlab
