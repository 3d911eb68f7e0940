#include "data/archive.hpp"

#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace rnnlab {

std::string collected(const std::function<void(const Sink&)>& produce) {
  std::size_t size = 0;
  produce([&](std::string_view piece) {
    size += piece.size();
    return true;
  });
  std::string bytes;
  bytes.reserve(size);
  produce([&](std::string_view piece) {
    bytes.append(piece);
    return true;
  });
  return bytes;
}

std::string file_bytes(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(error ? 0 : size, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (error || !stream) {
    throw Error(Exit::data, "cannot read the file" + (error ? ": " + error.message() : ""), file,
                "check that it may be read");
  }
  return bytes;
}

}  // namespace rnnlab
