#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rnnlab {

/// How a text that is to be classified is cut into tokens: at its white space, or into its
/// characters, white space among them.
struct TextTokens {
  bool characters = false;
  bool lower_case = true;

  /// REQUIRES: valid UTF-8.
  std::vector<std::string> operator()(std::string_view text) const;
};

/// Whether a code point is of Chinese or Japanese, marks and full-width forms among them.
bool is_cjk(std::int32_t code_point);

/// How many of a text's characters are Chinese or Japanese, and of how many that are no white
/// space. REQUIRES: valid UTF-8.
struct CjkCount {
  std::int64_t cjk = 0, all = 0;

  void add(std::string_view text);
  bool most() const { return 2 * cjk > all; }
};

/// Reads texts with the symbols of a trained classifier.
class TextSymbols {
 public:
  /// From the texts of all symbols, of which one is unknown_token. Throws Error(data) where there
  /// is none, or one twice.
  TextSymbols(TextTokens, std::vector<std::string> symbols);

  int size() const { return static_cast<int>(symbols_.size()); }
  const std::vector<std::string>& symbols() const { return symbols_; }

  /// A text's tokens and the symbol of each, unknown_token's where there is none. A text without
  /// tokens is one that is unknown and empty. Throws Error(data) naming `where` it is from if it is
  /// not valid UTF-8.
  struct Read {
    std::vector<std::string> tokens;
    std::vector<std::int32_t> symbols;
  };
  Read read(std::string_view text, const std::string& where) const;

 private:
  TextTokens cut_;
  std::vector<std::string> symbols_;
  std::unordered_map<std::string, std::int32_t> numbers_;
  std::int32_t unknown_ = 0;
};

}  // namespace rnnlab
