#pragma once

#include <string>

#include "base/shown.hpp"

namespace rnnlab {

/// One `key = value` as a user wrote it, and where: `quick.ini:7`, `command line`,
/// `protocol arjovsky2016`, `preset lstm`, `default`.
struct Setting {
  std::string key;
  std::string value;
  std::string where;
};

}  // namespace rnnlab
