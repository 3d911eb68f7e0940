#pragma once

#include <string>
#include <string_view>

namespace rnnlab {

/// Text from outside, fit for one line of an error message: control characters escaped, cut short.
std::string shown(std::string_view text);

}  // namespace rnnlab
