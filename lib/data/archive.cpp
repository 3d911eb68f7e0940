#include "data/archive.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

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
  const auto fail = [&] {
    throw Error(Exit::data, std::string("cannot read the file: ") + std::strerror(errno), file,
                "check that it may be read");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               std::fclose);
  if (!stream) fail();
  std::string bytes;
  std::error_code error;
  if (const auto size = std::filesystem::file_size(file, error); !error) bytes.reserve(size);
  std::array<char, 1 << 16> block;
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), stream.get()))
    bytes.append(block.data(), got);
  if (std::ferror(stream.get())) fail();
  return bytes;
}

}  // namespace rnnlab
