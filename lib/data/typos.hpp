#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/rng.hpp"
#include "data/word_list.hpp"

namespace rnnlab {

/// A line with typing errors in it.
struct MistypedLine {
  std::string text;
  std::vector<std::size_t> words;  // which of its words (word_places) have one, ascending
};

/// Mistypes each word of a line with probability `share`: of those that the list knows, have no
/// apostrophe and at least `least_letters`. An error is a letter more, one less, another one, or
/// two neighbours that change places, all equally likely; a quarter of the words gets two. What
/// comes out is in no list, else the word stays as it is after `most_tries`. Letters are those of
/// the list. A function of the key and the line's number alone. REQUIRES: valid UTF-8.
MistypedLine mistyped(std::string_view line, const WordList&, double share, Key,
                      std::uint64_t number);

inline constexpr std::size_t least_letters = 3;
inline constexpr int most_tries = 20;

}  // namespace rnnlab
