#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// A handwritten digit that drifts over the frames of a clip and bounces off their walls; which one
/// it is.
TaskEntry moving_mnist_entry();

}  // namespace rnnlab
