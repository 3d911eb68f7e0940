#pragma once

#include <string>

namespace rnnlab {

/// `rnnlab 0.1.0 (git 1a2b3c4, numerics 1, …)`
std::string version_line();

}  // namespace rnnlab
