#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

struct LinesOptions {
  int rows = 0, columns = 0;  // of the image, whose points come row by row
  bool down = false;          // along its columns, not its rows
  bool reverse = false;       // from their ends
  int inputs = 0, outputs = 0;
  bool input_gradient = false;
};

/// A recurrent layer along every row of an image, or along every column, each a sequence of its own
/// that begins with the first state. What is traced is in the image's order.
template <class S>
std::unique_ptr<Layer<S>> make_lines(std::unique_ptr<Layer<S>>, const LinesOptions&);

}  // namespace rnnlab
