#pragma once

#include <memory>
#include <vector>

#include "nn/layer.hpp"

namespace rnnlab {

/// The same steps in another order, y_t = x_{order[t]}, for sequences of just as many steps.
template <class S>
std::unique_ptr<Layer<S>> make_rearrange(int width, std::vector<int> order);

}  // namespace rnnlab
