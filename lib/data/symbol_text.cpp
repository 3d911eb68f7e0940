#include "data/symbol_text.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "data/token_vocabulary.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr const char* blanks = " \t";

/// The pieces of a line of valid UTF-8: what stands between blanks, or its characters.
std::vector<std::string> pieces_of(std::string_view line, const DecodedUtf8& decoded, bool spaced) {
  std::vector<std::string> pieces;
  if (!spaced) {
    for (const std::int32_t c : decoded.code_points) pieces.push_back(encode_utf8(c));
    return pieces;
  }
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = line.find_first_of(blanks, at);
    pieces.emplace_back(line.substr(at, end - at));
    at = line.find_first_not_of(blanks, end);
  }
  return pieces;
}

}  // namespace

bool one_character_each(std::span<const std::string> symbols) {
  return std::all_of(symbols.begin(), symbols.end(), [](const std::string& text) {
    return text.starts_with('<') || decode_utf8(text).code_points.size() == 1;
  });
}

SymbolText::SymbolText(std::vector<std::string> symbols, std::size_t unwritten,
                       std::optional<Tokeniser> tokeniser)
    : symbols_(std::move(symbols)), tokeniser_(std::move(tokeniser)) {
  for (std::size_t i = unwritten; i < symbols_.size(); ++i) {
    const std::string& text = symbols_[i];
    const DecodedUtf8 decoded = decode_utf8(text);
    const bool good = !text.empty() && decoded.bytes == text.size() &&
                      text.find_first_of(" \t\r\n") == std::string::npos;
    if (!good || !numbers_.emplace(text, static_cast<std::int32_t>(i)).second) {
      throw Error(Exit::data,
                  "symbol " + std::to_string(i) +
                      (good ? " is there twice" : " cannot stand in a line of text"),
                  "vocabulary", "train again");
    }
    spaced_ = spaced_ || decoded.code_points.size() > 1;
  }
}

std::vector<std::int32_t> SymbolText::read(std::string_view line, const std::string& where) const {
  const DecodedUtf8 decoded = decode_utf8(line);
  if (decoded.bytes < line.size()) {
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(decoded.bytes + 1), where,
                "give text in UTF-8");
  }
  std::vector<std::int32_t> result;
  const auto pieces = tokeniser_ ? tokeniser_->tokens(line) : pieces_of(line, decoded, spaced_);
  for (const std::string& piece : pieces) {
    auto found = numbers_.find(piece);
    if (found == numbers_.end() && tokeniser_) found = numbers_.find(unknown_token);
    if (found == numbers_.end()) {
      throw Error(Exit::data, "the model does not know '" + shown(piece) + "'", where,
                  std::string("use the symbols that it was trained on") +
                      (spaced_ ? ", with spaces between" : ", without spaces"));
    }
    result.push_back(found->second);
  }
  return result;
}

std::string SymbolText::write(std::span<const std::int32_t> symbols) const {
  if (tokeniser_) {
    std::vector<std::string> tokens;
    for (const std::int32_t symbol : symbols)
      tokens.push_back(symbols_[static_cast<std::size_t>(symbol)]);
    return tokeniser_->text(tokens);
  }
  std::string line;
  for (const std::int32_t symbol : symbols) {
    if (spaced_ && !line.empty()) line += ' ';
    line += symbols_[static_cast<std::size_t>(symbol)];
  }
  return line;
}

}  // namespace rnnlab
