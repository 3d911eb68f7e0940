#pragma once

#include <string>
#include <string_view>

namespace rnnlab {

/// One `key = value` as a user wrote it, and where: `quick.ini:7`, `command line`,
/// `protocol arjovsky2016`, `preset lstm`, `default`.
struct Setting {
  std::string key;
  std::string value;
  std::string where;
};

/// Text from outside, fit for one line of an error message: control characters escaped, cut short.
std::string shown(std::string_view text);

}  // namespace rnnlab
