#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entries of the tasks of handwritten digits in the list of tasks: MNIST row by row, point by
/// point, and the digit's word.
TaskEntry mnist_rows_entry();
TaskEntry mnist_pixels_entry();
TaskEntry mnist_words_entry();

/// The published experiments of mnist-pixels.
std::vector<Protocol> mnist_protocols();

}  // namespace rnnlab
