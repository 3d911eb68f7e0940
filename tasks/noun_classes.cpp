#include "noun_classes.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "data/edit_distance.hpp"

namespace rnnlab {
namespace {

constexpr std::string_view consonants = "bdfgklmnprstvz", vowels = "aeiou";

char any_of(std::string_view letters, Rng& rng) {
  return letters[rng.below(static_cast<std::uint32_t>(letters.size()))];
}

std::vector<std::string> drawn_stems(std::int64_t wanted, Rng& rng) {
  std::vector<std::string> stems;
  const auto far = [](const std::string& a, const std::string& b) {
    return edit_distance(std::u32string(a.begin(), a.end()), std::u32string(b.begin(), b.end())) >=
           2;
  };
  for (int tries = 0; tries < 5000 && std::ssize(stems) < wanted; ++tries) {
    const std::string stem{any_of(vowels, rng), any_of(consonants, rng), any_of(vowels, rng)};
    if (std::all_of(stems.begin(), stems.end(), [&](const auto& s) { return far(s, stem); }))
      stems.push_back(stem);
  }
  if (std::ssize(stems) < wanted)
    throw Error(Exit::usage, "the made language has " + std::to_string(stems.size()) + " stems",
                "task.stems", "ask for no more");
  return stems;
}

}  // namespace

void NounClasses::describe(OptionVisitor& v) {
  v.visit({.name = "classes",
           .help = "of the made language: noun classes, each a consonant",
           .min = 1,
           .max = static_cast<double>(consonants.size())},
          classes);
  v.visit({.name = "stems", .help = "of the made language", .min = 1, .max = 70}, stems);
  v.visit({.name = "words", .help = "of a line of the made language", .min = 1, .max = 1e4}, words);
  v.visit({.name = "particles",
           .help = "between two words of the made language, which agree with none",
           .min = 0,
           .max = 1e4},
          particles);
  v.visit({.name = "lines", .help = "of the made language", .min = 10, .max = 1e7}, lines);
}

std::string NounClasses::text() const {
  Rng rng({0, Stream::order}, 0);
  const std::vector<std::string> all = drawn_stems(stems, rng);
  std::string text;
  for (std::int64_t line = 0; line < lines; ++line) {
    const char noun_class = any_of(consonants.substr(0, static_cast<std::size_t>(classes)), rng);
    for (std::int64_t word = 0; word < words; ++word) {
      for (std::int64_t i = 0; word > 0 && i < particles; ++i) {
        text += ' ';
        text += any_of(vowels, rng);
      }
      text += word > 0 ? " " : "";
      text += noun_class;
      text += all[rng.below(static_cast<std::uint32_t>(all.size()))];
    }
    text += '\n';
  }
  return text;
}

}  // namespace rnnlab
