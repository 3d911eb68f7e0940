#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

/// y = φ(x) entry by entry, φ one of nn/cells/activations.hpp. Reads `Upstream::every` only.
template <class S>
std::unique_ptr<Layer<S>> make_activation(const std::string& name, int width);

}  // namespace rnnlab
