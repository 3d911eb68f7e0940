#include "train_step/case_file.hpp"

#include <bit>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rnnlab::bench {
namespace {

static_assert(std::endian::native == std::endian::little, "case files are little-endian");

constexpr const char* first_line = "rnnlab-case 1";

std::size_t count(const std::vector<int>& shape) {
  std::size_t n = 1;
  for (const int length : shape) n *= static_cast<std::size_t>(length);
  return n;
}

std::streamsize bytes(const std::vector<float>& values) {
  return static_cast<std::streamsize>(values.size() * sizeof(float));
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw std::runtime_error(path + ": " + what);
}

/// One line of the header, into `file`; the name of the array that it declares, or nothing.
std::string take_line(const std::string& path, const std::string& line, CaseFile& file) {
  std::istringstream words(line);
  std::string key, name;
  words >> key;
  if (key == "array") {
    Array array;
    words >> name;
    for (int length = 0; words >> length;) array.shape.push_back(length);
    array.values.resize(count(array.shape));
    file.arrays[name] = std::move(array);
    return name;
  }
  Case& c = file.shape;
  if (key == "cell") {
    words >> c.cell;
  } else {
    int* number = key == "B"        ? &c.B
                  : key == "T"      ? &c.T
                  : key == "H"      ? &c.H
                  : key == "layers" ? &c.layers
                                    : nullptr;
    if (!number || !(words >> *number)) fail(path, "unexpected line '" + line + "'");
  }
  return {};
}

}  // namespace

const Array& CaseFile::at(const std::string& name) const {
  const auto found = arrays.find(name);
  if (found == arrays.end()) throw std::runtime_error("the case has no array " + name);
  return found->second;
}

void write_case(const std::string& path, const CaseFile& file) {
  std::ofstream out(path, std::ios::binary);
  const Case& c = file.shape;
  out << first_line << "\ncell " << c.cell << "\nB " << c.B << "\nT " << c.T << "\nH " << c.H
      << "\nlayers " << c.layers << "\n";
  for (const auto& [name, array] : file.arrays) {
    out << "array " << name;
    for (const int length : array.shape) out << " " << length;
    out << "\n";
  }
  out << "end\n";
  for (const auto& [name, array] : file.arrays) {
    out.write(reinterpret_cast<const char*>(array.values.data()), bytes(array.values));
  }
  out.close();
  if (!out) fail(path, "cannot be written");
}

CaseFile read_case(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  CaseFile file{};
  std::vector<std::string> order;
  std::string line;
  if (!std::getline(in, line) || line != first_line) fail(path, "is no case file");
  while (std::getline(in, line) && line != "end") {
    if (std::string name = take_line(path, line, file); !name.empty()) {
      order.push_back(std::move(name));
    }
  }
  for (const std::string& name : order) {
    std::vector<float>& values = file.arrays[name].values;
    in.read(reinterpret_cast<char*>(values.data()), bytes(values));
  }
  if (!in) fail(path, "ends too early");
  return file;
}

}  // namespace rnnlab::bench
