#pragma once

#include <filesystem>
#include <fstream>

namespace rnnlab::test {

/// Turns one bit of a file over; twice, and the file is as before.
inline void flip(const std::filesystem::path& file, std::size_t bit) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(bit / 8));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(bit / 8));
  stream.put(static_cast<char>(byte ^ 1 << bit % 8));
}

}  // namespace rnnlab::test
