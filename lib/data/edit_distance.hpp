#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// The fewest insertions, deletions, substitutions and transpositions of neighbours that make `b`
/// of `a` (Damerau 1964; the algorithm of Lowrance and Wagner 1975, which may edit between two that
/// were transposed).
int edit_distance(std::u32string_view a, std::u32string_view b);

/// Words by their edit distance to another, up to 2: every word is found under all that is left of
/// it when up to two characters are deleted, since two words with that distance have such a rest in
/// common (Garbe's symmetric deletion). Memory goes with the square of a word's length, so words
/// above `longest` characters are not in it.
class EditIndex {
 public:
  static constexpr int most_edits = 2;
  static constexpr std::size_t longest = 64;

  explicit EditIndex(std::vector<std::u32string> words);

  const std::vector<std::u32string>& words() const { return words_; }

  struct Found {
    std::uint32_t word;  // its place among the words
    int distance;
  };
  /// The words at a distance of 0 … 2, in their order.
  std::vector<Found> near(std::u32string_view word) const;

 private:
  struct Rest {
    std::uint64_t hash;
    std::uint32_t word;
    auto operator<=>(const Rest&) const = default;
  };
  std::vector<std::u32string> words_;
  std::vector<Rest> rests_;  // sorted
};

}  // namespace rnnlab
