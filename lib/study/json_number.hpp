#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

namespace rnnlab {

/// JSON has no NaN and no infinity: null stands for them.
inline nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace rnnlab
