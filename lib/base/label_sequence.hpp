#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

namespace rnnlab {

/// The class that stands for no label in connectionist temporal classification (CTC).
inline constexpr std::int32_t ctc_blank = 0;

/// What a path, a class per step, stands for in CTC: equal neighbours merged, then blanks left out.
/// In place; returns how many labels there are. Of the likeliest class of every step this is best
/// path decoding (Graves et al. 2006, section 3.2).
///   0 3 3 0 3 1 1   →   3 3 1
inline int collapse(std::span<std::int32_t> path) {
  const auto merged = std::unique(path.begin(), path.end());
  return static_cast<int>(std::remove(path.begin(), merged, ctc_blank) - path.begin());
}

/// The fewest steps that a path for these labels has: one each, and a blank between equal
/// neighbours. A shorter sequence cannot be given them.
inline int fewest_steps(std::span<const std::int32_t> labels) {
  int steps = static_cast<int>(labels.size());
  for (std::size_t u = 1; u < labels.size(); ++u) steps += labels[u] == labels[u - 1];
  return steps;
}

/// The fewest insertions, deletions and substitutions that make `b` of `a` (Levenshtein 1966).
/// row [b.size() + 1] is scratch.
template <class Symbol>
int levenshtein(std::span<const Symbol> a, std::span<const Symbol> b, int* row) {
  std::iota(row, row + b.size() + 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    int diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const int substituted = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({diagonal + 1, row[j] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace rnnlab
