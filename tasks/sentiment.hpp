#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// Texts and their classes, such as reviews and whether they are positive.
TaskEntry sentiment_entry();

}  // namespace rnnlab
