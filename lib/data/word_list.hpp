#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/edit_distance.hpp"

namespace rnnlab {

/// A word in a text: letters, and apostrophes between letters.
struct WordPlace {
  std::size_t begin, size;  // bytes
};

/// REQUIRES: valid UTF-8.
std::vector<WordPlace> word_places(std::string_view text);

/// The words of a text and how often each is there; upper and lower case are the same.
class WordList {
 public:
  /// Throws Error(data) naming `where` for a text that is not UTF-8 or has no words.
  WordList(std::string_view text, const std::string& where);

  bool knows(std::string_view word) const { return number_of(word).has_value(); }
  /// ln of the word's share of all. REQUIRES: it is known.
  double log_share(std::string_view word) const;

  struct Candidate {
    std::string word;   // in the case of what is to be replaced: word, Word or WORD
    std::string lower;  // in lower case
    int distance;       // 1, 2
    double log_share;
  };
  /// The words of the list within edit distance 2, in the order of their bytes.
  std::vector<Candidate> candidates(std::string_view word) const;

  /// The different letters of all words, in the order of their numbers, in lower case.
  const std::u32string& letters() const { return letters_; }
  std::size_t size() const { return counts_.size(); }

 private:
  std::optional<std::size_t> number_of(std::string_view word) const;

  std::unordered_map<std::u32string, std::size_t> numbers_;
  std::vector<std::int64_t> counts_;
  double total_ = 0;
  std::u32string letters_;
  std::optional<EditIndex> index_;
};

/// A text's code points, and back. REQUIRES: valid UTF-8.
std::u32string code_points(std::string_view text);
std::string utf8_text(std::u32string_view code_points);

}  // namespace rnnlab
