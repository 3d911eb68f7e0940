#include "data/utf8.hpp"

#include <algorithm>
#include <array>
#include <utf8proc.h>

#include "base/check.hpp"

namespace rnnlab {

namespace {

/// Hands the code points of the longest valid beginning to `take`; how many bytes that is.
template <class Take>
std::size_t each_code_point(std::string_view text, Take take) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  std::size_t taken = 0;
  while (taken < text.size()) {
    utf8proc_int32_t code_point = 0;
    const auto left = static_cast<utf8proc_ssize_t>(text.size() - taken);
    const auto size = utf8proc_iterate(bytes + taken, left, &code_point);
    if (size <= 0) break;
    take(code_point);
    taken += static_cast<std::size_t>(size);
  }
  return taken;
}

}  // namespace

DecodedUtf8 decode_utf8(std::string_view text) {
  const auto begins_one = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  DecodedUtf8 result;
  result.code_points.reserve(
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_one)));
  result.bytes = each_code_point(text, [&](std::int32_t c) { result.code_points.push_back(c); });
  return result;
}

std::size_t valid_utf8(std::string_view text) {
  return each_code_point(text, [](std::int32_t) {});
}

std::string encode_utf8(std::int32_t code_point) {
  RNNLAB_CHECK_EQ(utf8proc_codepoint_valid(code_point), true);
  std::array<utf8proc_uint8_t, 4> bytes;
  const auto size = utf8proc_encode_char(code_point, bytes.data());
  return {bytes.begin(), bytes.begin() + size};
}

std::string lower_case(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const std::int32_t c : decode_utf8(text).code_points)
    result += encode_utf8(utf8proc_tolower(c));
  return result;
}

bool is_letter(std::int32_t code_point) {
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

std::int32_t lower_case(std::int32_t code_point) { return utf8proc_tolower(code_point); }
std::int32_t upper_case(std::int32_t code_point) { return utf8proc_toupper(code_point); }

}  // namespace rnnlab
