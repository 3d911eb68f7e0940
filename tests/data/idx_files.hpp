#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rnnlab::test {

inline std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

/// An idx file of images: `points` row by row, one image after the other.
inline std::string idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns,
                              const std::string& points) {
  return big_endian(2051) + big_endian(count) + big_endian(rows) + big_endian(columns) + points;
}

inline std::string idx_labels(const std::vector<int>& labels) {
  std::string bytes = big_endian(2049) + big_endian(static_cast<std::uint32_t>(labels.size()));
  for (const int label : labels) bytes += static_cast<char>(label);
  return bytes;
}

}  // namespace rnnlab::test
