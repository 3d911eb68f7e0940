#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "data/vocabulary.hpp"
#include "data/word_vocabulary.hpp"

namespace rnnlab {

/// What a language model reads a text by: its code points, or the words between its blanks.
enum class TextUnit { characters, words };

const char* name_of(TextUnit);
/// Nothing for a name that is none.
std::optional<TextUnit> text_unit(std::string_view name);

/// The symbols of a language model, and how texts are read and written with them.
class TextVocabulary {
 public:
  /// From the texts of all symbols. Throws Error(data) for such as cannot be those of a vocabulary.
  TextVocabulary(TextUnit, std::vector<std::string> symbols);

  TextUnit unit() const { return unit_; }
  int size() const { return static_cast<int>(symbols().size()); }
  const std::vector<std::string>& symbols() const;
  const std::string& text(std::int32_t symbol) const {
    return symbols()[static_cast<std::size_t>(symbol)];
  }
  /// The symbol of a line's end; nothing where there is none.
  std::optional<std::int32_t> line_end() const;

  /// The symbols of any text; by words, every line feed is an `<eos>`. What is no symbol is U+FFFD
  /// or `<unk>`. Throws Error(code) naming `where` the text is from, if it is not valid UTF-8, or
  /// for the first of what is no symbol where there is no such stand-in.
  std::vector<std::int32_t> encode(std::string_view text, const std::string& where,
                                   Exit code = Exit::usage) const;

  /// The same without what is no symbol, or only up to that. REQUIRES: valid UTF-8.
  std::vector<std::int32_t> encode_known(std::string_view text) const;
  std::vector<std::int32_t> encode_up_to_unknown(std::string_view text) const;

  /// How a symbol is written behind `before` (nothing: at a text's beginning): words with a blank
  /// between, `<eos>` as a line feed.
  std::string written(std::int32_t symbol, std::optional<std::int32_t> before) const;

 private:
  /// −1 for what is no symbol.
  std::vector<std::int32_t> ids(std::string_view text) const;

  TextUnit unit_;
  std::variant<Vocabulary, WordVocabulary> vocabulary_;
};

}  // namespace rnnlab
