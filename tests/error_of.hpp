#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace rnnlab {

/// `2: what it says`, or "no error".
inline std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + ": " + error.what();
  }
  return "no error";
}

}  // namespace rnnlab
