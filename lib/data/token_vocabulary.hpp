#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace rnnlab {

/// What stands for every token that is no symbol.
inline constexpr const char* unknown_token = "\xEF\xBF\xBD";  // U+FFFD

/// Numbers the different tokens of a text in the order in which they come.
class TokenNumbers {
 public:
  /// Appends the numbers of the tokens.
  void append(const std::vector<std::string>& tokens, std::vector<std::int32_t>& to);
  std::size_t size() const { return tokens_.size(); }
  const std::string& token(std::size_t number) const { return *tokens_[number]; }

 private:
  std::unordered_map<std::string, std::int32_t> numbers_;
  std::vector<const std::string*> tokens_;  // the map's own
};

/// The symbols of one language: `reserved` first (such as the end), then U+FFFD for whatever is no
/// symbol, then tokens by frequency, the more frequent first, by their bytes among equals.
class TokenVocabulary {
 public:
  /// `counts`: how often the training part has each number. A symbol occurs `min_count` times or
  /// more; of such the `most` frequent, 0: all, reserved and U+FFFD counted.
  TokenVocabulary(const TokenNumbers&, const std::vector<std::int64_t>& counts,
                  std::vector<std::string> reserved, std::int64_t min_count, std::int64_t most);

  /// The symbols of another corpus, one of which is unknown_token.
  TokenVocabulary(const TokenNumbers&, std::vector<std::string> symbols);

  const std::vector<std::string>& symbols() const { return symbols_; }
  int size() const { return static_cast<int>(symbols_.size()); }
  std::int32_t unknown() const { return unknown_; }
  /// The symbol of a number.
  std::int32_t symbol(std::int32_t number) const {
    return symbol_[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::string> symbols_;
  std::int32_t unknown_;
  std::vector<std::int32_t> symbol_;  // by number
};

}  // namespace rnnlab
