#include "data/edit_distance.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <random>
#include <set>

using namespace rnnlab;

namespace {

/// Everything one edit away, over these letters.
std::set<std::u32string> one_edit(const std::u32string& word, const std::u32string& letters) {
  std::set<std::u32string> all;
  for (std::size_t i = 0; i <= word.size(); ++i) {
    for (const char32_t c : letters) {
      all.insert(std::u32string(word).insert(i, 1, c));
      if (i == word.size()) continue;
      std::u32string other = word;
      other[i] = c;
      all.insert(other);
    }
    if (i < word.size()) all.insert(std::u32string(word).erase(i, 1));
    if (i + 1 < word.size()) {
      std::u32string other = word;
      std::swap(other[i], other[i + 1]);
      all.insert(other);
    }
  }
  return all;
}

/// Distances from a word by breadth-first search over single edits, up to a bound.
std::map<std::u32string, int> distances(const std::u32string& word, const std::u32string& letters,
                                        int most) {
  std::map<std::u32string, int> known{{word, 0}};
  std::deque<std::u32string> waiting{word};
  while (!waiting.empty()) {
    const std::u32string now = waiting.front();
    waiting.pop_front();
    if (known[now] == most) continue;
    for (const std::u32string& next : one_edit(now, letters))
      if (known.emplace(next, known[now] + 1).second) waiting.push_back(next);
  }
  return known;
}

std::u32string random_word(std::mt19937& engine, std::size_t longest,
                           const std::u32string& letters) {
  std::u32string word(std::uniform_int_distribution<std::size_t>(0, longest)(engine), U'a');
  for (char32_t& c : word)
    c = letters[std::uniform_int_distribution<std::size_t>(0, letters.size() - 1)(engine)];
  return word;
}

}  // namespace

TEST_CASE("edit distance: known pairs") {
  CHECK(edit_distance(U"", U"") == 0);
  CHECK(edit_distance(U"", U"abc") == 3);
  CHECK(edit_distance(U"kitten", U"sitting") == 3);
  CHECK(edit_distance(U"teh", U"the") == 1);
  CHECK(edit_distance(U"ca", U"abc") == 2);  // a transposition, and an insertion between
  CHECK(edit_distance(U"naïve", U"naive") == 1);
  CHECK(edit_distance(U"床前", U"前床") == 1);
}

TEST_CASE("edit distance: the fewest single edits, by search") {
  std::mt19937 engine(4);
  const std::u32string letters = U"abc";
  int wrong = 0;
  for (int round = 0; round < 30; ++round) {
    const std::u32string word = random_word(engine, 4, letters);
    const auto known = distances(word, letters, 3);
    for (const auto& [other, distance] : known) {
      // A shortest way may pass over longer words than the search's bound lets it, never beyond it.
      wrong += edit_distance(word, other) != distance;
      wrong += edit_distance(other, word) != distance;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("edit index: the candidates are those of a search through all words") {
  std::mt19937 engine(9);
  const std::u32string letters = U"abcé";
  std::set<std::u32string> all{U"", U"a"};
  while (all.size() < 600) all.insert(random_word(engine, 7, letters));
  const std::vector<std::u32string> words(all.begin(), all.end());
  const EditIndex index(words);
  std::size_t wrong = 0, found_in_all = 0;
  for (int round = 0; round < 300; ++round) {
    const std::u32string word = random_word(engine, 8, letters);
    std::vector<std::pair<std::uint32_t, int>> expected, found;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const int distance = edit_distance(word, words[i]);
      if (distance <= 2) expected.emplace_back(i, distance);
    }
    for (const auto& f : index.near(word)) found.emplace_back(f.word, f.distance);
    wrong += found != expected;
    found_in_all += found.size();
  }
  CHECK(wrong == 0);
  CHECK(found_in_all > 3000);
}

TEST_CASE("edit index: words that are too long are not in it") {
  const std::u32string longest(EditIndex::longest, U'x');
  const EditIndex index({longest, longest + U"x"});
  CHECK(index.near(longest).size() == 1);
  CHECK(index.near(longest + U"xx").empty());
}
