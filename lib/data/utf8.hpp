#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// The longest beginning of a text that is valid UTF-8: shortest forms only, no surrogates, nothing
/// above U+10FFFF (RFC 3629).
struct DecodedUtf8 {
  std::vector<std::int32_t> code_points;
  std::size_t bytes = 0;  // of the beginning; all of the text's where all of it is valid
};

/// Decodes up to the first sequence that is not valid. NUL is a character like any other.
DecodedUtf8 decode_utf8(std::string_view text);

/// DecodedUtf8::bytes alone.
std::size_t valid_utf8(std::string_view text);

/// The 1 to 4 bytes of a code point. REQUIRES: 0 … 0x10FFFF and no surrogate.
std::string encode_utf8(std::int32_t code_point);

/// Every code point in its simple lower case, whatever the language. REQUIRES: valid UTF-8.
std::string lower_case(std::string_view text);
/// Whether a code point is a letter, or a mark that belongs to one (Unicode's categories L and M).
bool is_letter(std::int32_t code_point);
/// One code point for one; itself where there is none.
std::int32_t lower_case(std::int32_t code_point);
std::int32_t upper_case(std::int32_t code_point);

}  // namespace rnnlab
