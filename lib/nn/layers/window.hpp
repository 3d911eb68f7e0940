#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

struct WindowOptions {
  int width = 0;      // F of one step
  int steps = 1;      // k
  bool last = false;  // only the window that ends with each example's last step
};

/// What a feed-forward network sees of a sequence: at every step its last k ones side by side, or
/// at each example's last step alone.
///
///   y_t = [x_{t−k+1}; …; x_t]  [T, b, k·F],   zero where a step lies before the first
///
/// Carried state: the last k − 1 steps. Takes symbols as one-hot columns. Reads `Upstream::every`
/// only.
template <class S>
std::unique_ptr<Layer<S>> make_window(const WindowOptions&);

}  // namespace rnnlab
