#include "keyed_words.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr std::int32_t key_symbol = 0;

}  // namespace

void KeyedWords::Options::describe(OptionVisitor& v) {
  lengths.describe(v);
  v.visit({.name = "alphabet", .help = "different words of made documents", .min = 2, .max = 65536},
          alphabet);
  v.visit({.name = "keyed",
           .help = "words of a made document that its summary consists of: 2, or up to so many",
           .unit = "words",
           .min = 2,
           .max = 1e5},
          keyed);
}

KeyedWords::KeyedWords(const Options& o)
    : lengths_(o.lengths, 1),
      alphabet_(static_cast<int>(o.alphabet)),
      keyed_(static_cast<int>(o.keyed)),
      words_{"*"},
      targets_{"<end>"} {
  const int shortest = std::min(lengths_.least(Stream::train), lengths_.least(Stream::test));
  if (shortest < keyed_)
    throw Error(Exit::usage,
                "a document of " + std::to_string(shortest) + " words has no " +
                    std::to_string(keyed_) + " that are keyed",
                "task.keyed", "give longer documents, or fewer keyed words");
  for (int i = 0; i < alphabet_; ++i) {
    words_.push_back("w" + std::to_string(i));
    targets_.push_back(words_.back());
  }
}

void KeyedWords::example(Key key, std::uint64_t index, TextExample& to) const {
  Rng rng(key, index);
  const int words = lengths_.draw(key.stream, rng);
  auto wanted = 2 + rng.below(static_cast<std::uint32_t>(keyed_ - 1));
  to.source.clear();
  to.second.clear();
  to.target.clear();
  for (int left = words; left > 0; --left) {
    const auto word =
        1 + static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(alphabet_)));
    // Of the places that are left, each is as likely as the others to be one of the wanted.
    if (rng.below(static_cast<std::uint32_t>(left)) < wanted) {
      --wanted;
      to.source.push_back(key_symbol);
      to.target.push_back(word);
    }
    to.source.push_back(word);
  }
}

std::string KeyedWords::text(std::span<const std::int32_t> symbols, bool target) const {
  std::vector<std::string> tokens;
  for (const std::int32_t s : symbols)
    tokens.push_back((target ? targets_ : words_)[static_cast<std::size_t>(s)]);
  return join(tokens, " ");
}

double KeyedWords::chance_loss() const {
  const double mean = (keyed_ + 2) / 2.0;
  return (std::log(keyed_ - 1) + mean * std::log(alphabet_)) / (mean + 1);
}

}  // namespace rnnlab
