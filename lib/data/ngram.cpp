#include "data/ngram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t longest = 4;
constexpr double delta = 0.1;

/// The n-grams of a text up to the longest: its places in the order of the symbols that begin
/// there, so that the occurrences of an n-gram are neighbours.
class Ngrams {
 public:
  struct Range {
    std::size_t begin = 0, end = 0;  // of places
    std::size_t size() const { return end - begin; }
  };
  using Contexts = std::array<Range, longest>;  // of the last 0, 1, 2, … symbols

  Ngrams(std::span<const std::int32_t> text, int symbols);

  /// At the text's end: those of its last symbols.
  Contexts at_the_end() const {
    Contexts contexts{all()};
    for (std::size_t n = 1; n < std::min(longest, text_.size() + 1); ++n) {
      contexts[n] = all();
      for (std::size_t k = 0; k < n; ++k)
        contexts[n] = followed_by(contexts[n], k, text_[text_.size() - n + k]);
    }
    return contexts;
  }

  /// What is known of the symbol after the last 0, 1, 2, … ones; moves `contexts` behind it.
  struct Seen {
    double count = 0, followed = 0, followers = 0;
  };
  std::array<Seen, longest> look_up(Contexts& contexts, std::int32_t symbol) const {
    const Contexts before = contexts;
    std::array<Seen, longest> result;
    for (std::size_t n = 0; n < longest; ++n) {
      const Range grams = followed_by(before[n], n, symbol);
      result[n] = seen(before[n], n);
      result[n].count = static_cast<double>(grams.size());
      if (n + 1 < longest) contexts[n + 1] = grams;
    }
    return result;
  }

 private:
  Range all() const { return {0, places_.size()}; }
  /// −1 behind the text's end.
  std::int32_t symbol_at(std::size_t place, std::size_t k) const {
    return place + k < text_.size() ? text_[place + k] : -1;
  }
  /// Of the places where n symbols are the same, those where `symbol` is the next.
  Range followed_by(const Range& range, std::size_t n, std::int32_t symbol) const {
    const auto first = places_.begin() + static_cast<std::ptrdiff_t>(range.begin);
    const auto last = places_.begin() + static_cast<std::ptrdiff_t>(range.end);
    const auto begin =
        std::partition_point(first, last, [&](auto p) { return symbol_at(p, n) < symbol; });
    const auto end =
        std::partition_point(begin, last, [&](auto p) { return symbol_at(p, n) <= symbol; });
    return {static_cast<std::size_t>(begin - places_.begin()),
            static_cast<std::size_t>(end - places_.begin())};
  }
  Seen seen(Range context, std::size_t n) const {
    // A context at the text's end stands first among its like.
    if (context.size() > 0 && symbol_at(places_[context.begin], n) < 0) ++context.begin;
    if (context.size() == 0) return {};
    const std::vector<std::uint32_t>& different = different_[n];
    return {.followed = static_cast<double>(context.size()),
            .followers = 1.0 + different[context.end - 1] - different[context.begin]};
  }

  std::span<const std::int32_t> text_;
  std::vector<std::uint32_t> places_;
  /// [n][i]: how many of the places up to i begin with other n + 1 symbols than the one before.
  std::array<std::vector<std::uint32_t>, longest> different_;
};

Ngrams::Ngrams(std::span<const std::int32_t> text, int symbols)
    : text_(text), places_(text.size()) {
  RNNLAB_CHECK_LT(text.size(), std::size_t{std::numeric_limits<std::uint32_t>::max()});
  std::iota(places_.begin(), places_.end(), 0u);
  std::vector<std::uint32_t> sorted(places_.size());
  std::vector<std::uint32_t> next(static_cast<std::size_t>(symbols) + 2);
  for (std::size_t k = longest; k-- > 0;) {  // a radix sort, the last symbol first
    std::fill(next.begin(), next.end(), 0u);
    const auto bucket = [&](std::uint32_t p) {
      return static_cast<std::size_t>(symbol_at(p, k) + 1);
    };
    for (const std::uint32_t p : places_) ++next[bucket(p) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    for (const std::uint32_t p : places_) sorted[next[bucket(p)]++] = p;
    places_.swap(sorted);
  }
  for (auto& different : different_) different.resize(places_.size());
  for (std::size_t i = 1; i < places_.size(); ++i) {
    bool differs = false;
    for (std::size_t k = 0; k < longest; ++k) {
      differs = differs || symbol_at(places_[i], k) != symbol_at(places_[i - 1], k);
      different_[k][i] = different_[k][i - 1] + differs;
    }
  }
}

}  // namespace

std::vector<Baseline> ngram_baselines(std::span<const std::int32_t> training,
                                      std::span<const std::int32_t> scored, int symbols) {
  RNNLAB_CHECK_LT(0u, scored.size());
  const Ngrams ngrams(training, symbols);
  Ngrams::Contexts contexts = ngrams.at_the_end();

  std::array<double, longest> additive{};
  double interpolated = 0;
  for (const std::int32_t symbol : scored) {
    const auto seen = ngrams.look_up(contexts, symbol);
    double q = 1.0 / symbols;
    for (std::size_t n = 0; n < longest; ++n) {
      const auto [count, followed, followers] = seen[n];
      additive[n] -= std::log2((count + delta) / (followed + delta * symbols));
      if (followed > 0) q = (count + followers * q) / (followed + followers);
    }
    interpolated -= std::log2(q);
  }
  const auto length = static_cast<double>(scored.size());
  return {{"uniform", std::log2(symbols)},  {"unigram", additive[0] / length},
          {"bigram", additive[1] / length}, {"trigram", additive[2] / length},
          {"4-gram", additive[3] / length}, {"interpolated 4-gram", interpolated / length}};
}

}  // namespace rnnlab
