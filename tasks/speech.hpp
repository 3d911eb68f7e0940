#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// Utterances, made or recorded: their frames' classes, their word, or their characters.
TaskEntry speech_entry();

}  // namespace rnnlab
