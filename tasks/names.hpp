#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of names and their languages in the list of tasks: a name from its language, or the
/// language from a name.
TaskEntry names_entry();

}  // namespace rnnlab
