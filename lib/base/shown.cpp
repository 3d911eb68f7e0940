#include "base/shown.hpp"

#include <cstddef>

namespace rnnlab {
namespace {

/// Bytes of the printable character at the front: 1 for ASCII, 2 to 4 for valid UTF-8, else 0.
std::size_t printable(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= 32 && byte(0) != 127 ? 1 : 0;
  const std::size_t size = byte(0) >= 0xF5   ? 0
                           : byte(0) >= 0xF0 ? 4
                           : byte(0) >= 0xE0 ? 3
                           : byte(0) >= 0xC2 ? 2
                                             : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  return size;
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr int longest = 60;  // columns
  constexpr char digits[] = "0123456789abcdef";
  if (text.empty()) return "(empty)";
  std::string line;
  for (int columns = 0; !text.empty();) {
    if (columns >= longest) return line + "…";
    const std::size_t size = printable(text);
    if (size > 0) {
      line += text.substr(0, size);
      columns += 1;
    } else {
      const auto byte = static_cast<unsigned char>(text[0]);
      line += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
      columns += 4;
    }
    text.remove_prefix(size > 0 ? size : 1);
  }
  return line;
}

}  // namespace rnnlab
