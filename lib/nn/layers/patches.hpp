#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

/// An image cut into square patches of `side` points, each one step of all its points' values, row
/// by row: x [rows · columns, b, F] → y [rows/side · columns/side, b, side² · F]. `side` divides
/// both.
template <class S>
std::unique_ptr<Layer<S>> make_patches(int width, int rows, int columns, int side);

}  // namespace rnnlab
