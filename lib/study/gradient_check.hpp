#pragma once

#include <string>
#include <vector>

#include "study/config.hpp"

namespace rnnlab {

/// What a gradient check has found, as the user sees it.
struct GradientReport {
  bool good = false;       // every error is at most 1e-6
  std::string table = {};  // a line per parameter, and the worst error
};

/// Checks the gradient of the model that the settings describe, on their task. What they leave open
/// is small: hidden 8, length 12, batch 3. Throws Error(usage) as `resolve` does.
GradientReport check_gradient(const Registry&, const std::vector<Setting>&);

}  // namespace rnnlab
