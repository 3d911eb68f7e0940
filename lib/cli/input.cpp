#include "cli/input.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "base/shown.hpp"

namespace rnnlab {

std::string whole_input(const std::string& file, const std::string& what) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::error_code error;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file, error))
    throw Error(Exit::data, "cannot read " + what, shown(file), "give a text file, or - for stdin");
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string input_name(const std::string& file) { return file == "-" ? "stdin" : shown(file); }

}  // namespace rnnlab
