#include "cli/input.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "base/shown.hpp"

namespace rnnlab {

std::string whole_input(const std::string& file, const std::string& what) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || stream.bad())
    throw Error(Exit::data, "cannot read " + what, shown(file), "give a text file, or - for stdin");
  return text;
}

std::string input_name(const std::string& file) { return file == "-" ? "stdin" : shown(file); }

}  // namespace rnnlab
