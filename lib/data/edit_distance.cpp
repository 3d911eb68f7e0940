#include "data/edit_distance.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace rnnlab {
namespace {

/// FNV-1a.
std::uint64_t hash_of(std::u32string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char32_t c : text) hash = (hash ^ c) * 1099511628211u;
  return hash;
}

/// The hashes of what is left of a word without none, one, … of its characters.
void add_rests(std::u32string& word, std::size_t from, int deletions,
               std::vector<std::uint64_t>& hashes) {
  hashes.push_back(hash_of(word));
  if (deletions == 0) return;
  for (std::size_t i = from; i < word.size(); ++i) {
    const char32_t removed = word[i];
    word.erase(i, 1);
    add_rests(word, i, deletions - 1, hashes);
    word.insert(i, 1, removed);
  }
}

std::vector<std::uint64_t> rests_of(std::u32string word) {
  std::vector<std::uint64_t> hashes;
  add_rests(word, 0, EditIndex::most_edits, hashes);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

}  // namespace

int edit_distance(std::u32string_view a, std::u32string_view b) {
  // d(i + 1, j + 1): of the first i characters of a and j of b; row and column 0 are a bound.
  const std::size_t width = b.size() + 2;
  const int bound = static_cast<int>(a.size() + b.size());
  std::vector<int> d((a.size() + 2) * width, bound);
  const auto at = [&](std::size_t i, std::size_t j) -> int& { return d[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i + 1, 1) = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) at(1, j + 1) = static_cast<int>(j);
  std::map<char32_t, std::size_t> row_of;  // where in a a character was last
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t match = 0;  // where in b a[i − 1] was last
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t row = row_of[b[j - 1]], column = match;
      const bool same = a[i - 1] == b[j - 1];
      if (same) match = j;
      at(i + 1, j + 1) =
          std::min({at(i, j) + (same ? 0 : 1), at(i + 1, j) + 1, at(i, j + 1) + 1,
                    at(row, column) + static_cast<int>(i - row - 1 + 1 + j - column - 1)});
    }
    row_of[a[i - 1]] = i;
  }
  return at(a.size() + 1, b.size() + 1);
}

EditIndex::EditIndex(std::vector<std::u32string> words) : words_(std::move(words)) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].size() > longest) continue;
    for (const std::uint64_t hash : rests_of(words_[i]))
      rests_.push_back({hash, static_cast<std::uint32_t>(i)});
  }
  std::sort(rests_.begin(), rests_.end());
}

std::vector<EditIndex::Found> EditIndex::near(std::u32string_view word) const {
  if (word.size() > longest) return {};
  std::vector<std::uint32_t> places;
  for (const std::uint64_t hash : rests_of(std::u32string(word))) {
    for (auto rest = std::lower_bound(rests_.begin(), rests_.end(), Rest{hash, 0});
         rest != rests_.end() && rest->hash == hash; ++rest)
      places.push_back(rest->word);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<Found> found;
  for (const std::uint32_t place : places) {
    const int distance = edit_distance(word, words_[place]);
    if (distance <= most_edits) found.push_back({place, distance});
  }
  return found;
}

}  // namespace rnnlab
