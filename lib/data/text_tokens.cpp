#include "data/text_tokens.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/token_vocabulary.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

bool is_blank(std::int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

bool is_cjk(std::int32_t c) {
  // CJK symbols and marks, kana, bopomofo and enclosed letters, Han with its extensions,
  // compatibility characters and forms, full-width forms.
  constexpr std::array<std::array<std::int32_t, 2>, 6> ranges{{{0x2E80, 0x312F},
                                                               {0x31A0, 0x9FFF},
                                                               {0xF900, 0xFAFF},
                                                               {0xFE30, 0xFE4F},
                                                               {0xFF00, 0xFFEF},
                                                               {0x20000, 0x323AF}}};
  for (const auto& [first, last] : ranges)
    if (first <= c && c <= last) return true;
  return false;
}

std::vector<std::string> TextTokens::operator()(std::string_view text) const {
  const std::string lower = lower_case ? rnnlab::lower_case(text) : std::string(text);
  if (!characters) return words(lower);
  std::vector<std::string> tokens;
  for (const std::int32_t c : decode_utf8(lower).code_points) tokens.push_back(encode_utf8(c));
  return tokens;
}

void CjkCount::add(std::string_view text) {
  for (const std::int32_t c : decode_utf8(text).code_points) {
    cjk += is_cjk(c);
    all += !is_blank(c);
  }
}

TextSymbols::TextSymbols(TextTokens cut, std::vector<std::string> symbols)
    : cut_(cut), symbols_(std::move(symbols)) {
  bool once = true;
  for (std::size_t i = 0; i < symbols_.size(); ++i)
    once = numbers_.emplace(symbols_[i], static_cast<std::int32_t>(i)).second && once;
  const auto unknown = numbers_.find(unknown_token);
  if (!once || unknown == numbers_.end()) {
    throw Error(Exit::data,
                once ? "no symbol stands for unknown tokens" : "a symbol is there twice",
                "source_vocabulary", "train again");
  }
  unknown_ = unknown->second;
}

TextSymbols::Read TextSymbols::read(std::string_view text, const std::string& where) const {
  if (const auto valid = decode_utf8(text).bytes; valid < text.size()) {
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(valid + 1), where,
                "give text in UTF-8");
  }
  Read read{cut_(text), {}};
  if (read.tokens.empty()) read.tokens.emplace_back();
  for (const std::string& token : read.tokens) {
    const auto found = numbers_.find(token);
    read.symbols.push_back(found == numbers_.end() ? unknown_ : found->second);
  }
  return read;
}

}  // namespace rnnlab
