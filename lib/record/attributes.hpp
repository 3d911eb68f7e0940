#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rnnlab {

/// What is known of a run as a whole: the attributes at the root of its file, in the file's order.
using Attribute = std::variant<std::string, std::int64_t, double>;
using Attributes = std::vector<std::pair<std::string, Attribute>>;

}  // namespace rnnlab
