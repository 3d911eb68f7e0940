#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace rnnlab::test {

/// RFC 3629, section 4, row by row: what the first and the second byte of a sequence may be. Every
/// further byte is 80 … BF.
struct Utf8Row {
  unsigned char first_low, first_high, second_low, second_high;
  std::size_t size;
};
inline constexpr std::array<Utf8Row, 9> utf8_grammar{{{0x00, 0x7F, 0, 0, 1},
                                                      {0xC2, 0xDF, 0x80, 0xBF, 2},
                                                      {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                                      {0xE1, 0xEC, 0x80, 0xBF, 3},
                                                      {0xED, 0xED, 0x80, 0x9F, 3},
                                                      {0xEE, 0xEF, 0x80, 0xBF, 3},
                                                      {0xF0, 0xF0, 0x90, 0xBF, 4},
                                                      {0xF1, 0xF3, 0x80, 0xBF, 4},
                                                      {0xF4, 0xF4, 0x80, 0x8F, 4}}};

/// Bytes of the sequence at the front; 0 if there is no valid one.
inline std::size_t sequence_size(std::string_view text) {
  const auto within = [&](std::size_t i, unsigned char low, unsigned char high) {
    return i < text.size() && static_cast<unsigned char>(text[i]) >= low &&
           static_cast<unsigned char>(text[i]) <= high;
  };
  for (const Utf8Row& row : utf8_grammar) {
    if (!within(0, row.first_low, row.first_high)) continue;
    if (row.size > 1 && !within(1, row.second_low, row.second_high)) return 0;
    for (std::size_t i = 2; i < row.size; ++i)
      if (!within(i, 0x80, 0xBF)) return 0;
    return row.size;
  }
  return 0;
}

/// Bytes of the longest valid beginning.
inline std::size_t valid_bytes(std::string_view text) {
  std::size_t valid = 0;
  while (const std::size_t size = sequence_size(text.substr(valid))) valid += size;
  return valid;
}

/// The bytes of a code point by arithmetic.
inline std::string spelled(std::int32_t c) {
  const auto byte = [](std::int32_t value) { return static_cast<char>(value); };
  const auto low = [&](int shift) { return byte(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), low(0)};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), low(6), low(0)};
  return {byte(0xF0 | c >> 18), low(12), low(6), low(0)};
}

using Engine = std::mt19937_64;
/// 0 … n − 1. Not uniform_int_distribution: its numbers differ between libraries.
inline std::size_t below(Engine& engine, std::size_t n) { return engine() % n; }

/// A text like those that people have, or random bytes; then changed in some places.
inline std::string damaged_text(Engine& engine) {
  static const std::array<std::string, 8> samples{
      "To be, or not to be,\nthat is the question:\n",
      "one\r\ntwo\r\n\r\nthree",
      "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
      "\xEF\xBB\xBFna\u00EFve caf\u00E9\ne\u0301\n",
      "\U0001F600\n\U0001F469\u200D\U0001F680\n\U0010FFFF",
      std::string("nul\0\nnul\0", 9),
      "\uFFFD\n\uFFFE\n\uD7FF\n\uE000\n\u0800\u07FF\u0080\x7F",
      ""};
  std::string text = samples[below(engine, samples.size())];
  if (below(engine, 8) == 0) {
    text.resize(below(engine, 40));
    for (char& c : text) c = static_cast<char>(engine());
  }
  for (std::size_t changes = below(engine, 4); changes > 0; --changes) {
    const std::size_t at = below(engine, text.size() + 1);
    switch (below(engine, 6)) {
      case 0: text.resize(at); break;
      case 1: text.insert(at, 1, static_cast<char>(engine())); break;
      case 2: text.erase(at, 1 + below(engine, 3)); break;
      case 3: text.insert(at, samples[below(engine, samples.size())]); break;
      case 4: text.insert(at, 1 + below(engine, 3), '\n'); break;
      default:
        if (at < text.size()) text[at] ^= static_cast<char>(1u << below(engine, 8));
    }
  }
  return text;
}

}  // namespace rnnlab::test
