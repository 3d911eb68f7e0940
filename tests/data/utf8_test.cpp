#include "data/utf8.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "data/utf8_grammar.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("every code point is encoded as its arithmetic says and decodes to itself") {
  std::size_t wrong = 0, code_points = 0;
  for (std::int32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string bytes = encode_utf8(c);
    const DecodedUtf8 decoded = decode_utf8(bytes);
    wrong += bytes != spelled(c) || decoded.bytes != bytes.size() ||
             decoded.code_points != std::vector<std::int32_t>{c};
    ++code_points;
  }
  CHECK(code_points == 1112064);
  CHECK(wrong == 0);
  for (const std::int32_t none : {-1, 0xD800, 0xDFFF, 0x110000})
    CHECK_THROWS_AS(encode_utf8(none), std::logic_error);
}

TEST_CASE("a sequence of bytes decodes exactly if the grammar has it") {
  // Both sides of every limit in the grammar.
  const std::string bytes =
      "\x01\n\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xED\xF0\xF4\xFF";
  std::size_t wrong = 0, valid = 0;
  for (int first = 0; first < 256; ++first)
    for (const char second : bytes)
      for (const char third : bytes)
        for (const char fourth : bytes) {
          const std::string text{static_cast<char>(first), second, third, fourth};
          const DecodedUtf8 decoded = decode_utf8(text);
          wrong += decoded.bytes != valid_bytes(text);
          valid += decoded.bytes == text.size();
        }
  CHECK(wrong == 0);
  CHECK(valid > 10000);
}

TEST_CASE("every sequence of three bytes decodes exactly if the grammar has it", "[.slow]") {
  std::size_t wrong = 0;
  for (unsigned bits = 0; bits < 1u << 24; ++bits) {
    const std::string text{static_cast<char>(bits >> 16), static_cast<char>(bits >> 8),
                           static_cast<char>(bits)};
    wrong += decode_utf8(text).bytes != valid_bytes(text);
  }
  CHECK(wrong == 0);
}

TEST_CASE("what is cut off at the end is not valid") {
  const std::string whole = "a\u00E9\u5E8A\U0001F600";
  CHECK(decode_utf8(whole).code_points == std::vector<std::int32_t>{'a', 0xE9, 0x5E8A, 0x1F600});
  const std::vector<std::size_t> valid{0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    CHECK(decode_utf8(whole.substr(0, size)).bytes == valid.at(size));
  }
}

TEST_CASE("lower case is by code point", "[data][utf8]") {
  CHECK(lower_case("ÀÉ Straße ΣΑΣ 你好 I\xEF\xBF\xBD") == "àé straße σασ 你好 i\xEF\xBF\xBD");
  CHECK(lower_case("") == "");
}
