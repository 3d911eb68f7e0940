#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rnnlab {

/// The symbol that stands at every line's end, and the one for all words that are none.
inline constexpr const char *end_of_line = "<eos>", *unknown_word = "<unk>";

struct WordHash : std::hash<std::string_view> {
  using is_transparent = void;
};
using NumbersOfWords = std::unordered_map<std::string, std::int32_t, WordHash, std::equal_to<>>;

/// Texts as numbers of their different words, in the order of first appearance, `<eos>` behind
/// every line. Words stand between blanks, tabs and the like (ASCII's white space).
struct WordText {
  std::vector<std::int32_t> ids;
  std::vector<std::string> words;  // of each number

  WordText() { number_of(end_of_line); }

  /// Appends a text. Throws Error(data) naming `where` and the line for what is not valid UTF-8.
  void add(std::string_view bytes, const std::string& where);

 private:
  std::int32_t number_of(std::string_view word);

  NumbersOfWords numbers_;
};

/// The words of a language model: its classes.
class WordVocabulary {
 public:
  /// Of the words that occur at least `min_count` times in `training`, a part of the text's
  /// numbers, the `most` frequent (0: all), `<eos>` always among them: the more frequent first, by
  /// their bytes among equals. `<unk>` stands for all others; it is a symbol where any word of the
  /// text needs it, the last one if training has none, and counts among the `most`.
  WordVocabulary(const WordText&, std::span<const std::int32_t> training, std::int64_t min_count,
                 std::int64_t most);

  /// From symbols() of another. Throws Error(data) unless `<eos>` is among them and none is empty,
  /// there twice, not UTF-8 or has white space in it.
  explicit WordVocabulary(std::vector<std::string> symbols);

  int size() const { return static_cast<int>(symbols_.size()); }
  const std::vector<std::string>& symbols() const { return symbols_; }
  std::int32_t line_end() const { return number_.at(end_of_line); }
  /// −1: there is no such symbol, and no `<unk>`.
  std::int32_t id(std::string_view word) const;

  /// The symbol of every number of the text that it was made of, in the same memory.
  std::vector<std::int32_t> encode(WordText) const;

 private:
  void number_symbols();

  std::vector<std::string> symbols_;
  NumbersOfWords number_;
};

/// The pieces of a line between white space.
std::vector<std::string_view> words_of_line(std::string_view line);

}  // namespace rnnlab
