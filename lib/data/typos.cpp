#include "data/typos.hpp"

#include <algorithm>

#include "data/utf8.hpp"

namespace rnnlab {
namespace {

std::size_t below(Rng& rng, std::size_t n) {
  return std::min(n - 1, static_cast<std::size_t>(rng.uniform53() * static_cast<double>(n)));
}

void mistype(std::u32string& word, const std::u32string& letters, Rng& rng) {
  const char32_t letter = letters[below(rng, letters.size())];
  const std::size_t kind = below(rng, 4);
  if (kind == 0) {
    word.insert(below(rng, word.size() + 1), 1, letter);
  } else if (kind == 1) {
    word.erase(below(rng, word.size()), 1);
  } else if (kind == 2) {
    word[below(rng, word.size())] = letter;
  } else {
    const std::size_t at = below(rng, word.size() - 1);
    std::swap(word[at], word[at + 1]);
  }
}

bool all_letters(std::u32string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char32_t c) { return is_letter(static_cast<std::int32_t>(c)); });
}

}  // namespace

MistypedLine mistyped(std::string_view line, const WordList& words, double share, Key key,
                      std::uint64_t number) {
  Rng rng(key, number);
  MistypedLine result;
  const std::vector<WordPlace> places = word_places(line);
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string_view word = line.substr(places[i].begin, places[i].size);
    const std::u32string right = code_points(word);
    if (rng.uniform53() >= share || right.size() < least_letters || !all_letters(right) ||
        !words.knows(word))
      continue;
    const int errors = rng.uniform53() < 0.25 ? 2 : 1;
    for (int tries = 0; tries < most_tries; ++tries) {
      std::u32string wrong = right;
      for (int e = 0; e < errors; ++e) mistype(wrong, words.letters(), rng);
      const std::string text = utf8_text(wrong);
      if (words.knows(text) || wrong == right) continue;
      result.text += line.substr(done, places[i].begin - done);
      result.text += text;
      done = places[i].begin + places[i].size;
      result.words.push_back(i);
      break;
    }
  }
  result.text += line.substr(done);
  return result;
}

}  // namespace rnnlab
