#pragma once

#include <string>

namespace rnnlab {

/// All bytes of a file, of stdin for `-`. Throws Error(data), calling them `what`, where they
/// cannot be read.
std::string whole_input(const std::string& file, const std::string& what);

/// What messages call it: stdin, or the file's name.
std::string input_name(const std::string& file);

}  // namespace rnnlab
