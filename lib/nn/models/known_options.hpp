#pragma once

#include "nn/options.hpp"

namespace rnnlab {

/// Throws Error where an option is set that the model's architecture does not read: which one, and
/// what to do. One that stands at its default is nobody's mistake.
void check_known_options(const ModelOptions&);

}  // namespace rnnlab
