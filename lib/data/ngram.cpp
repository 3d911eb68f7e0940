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

/// The n-grams of texts up to the longest: their places in the order of the symbols that begin
/// there, so that the occurrences of an n-gram are neighbours.
class Ngrams {
 public:
  struct Range {
    std::size_t begin = 0, end = 0;  // of places
    std::size_t size() const { return end - begin; }
  };
  using Contexts = std::array<Range, longest>;  // of the last 0, 1, 2, … symbols

  /// With `given`, the first symbol of each text is a context alone.
  Ngrams(const Sequences& texts, bool given, int symbols);

  /// Behind the last text, where that is the only one.
  Contexts at_the_end() const {
    Contexts contexts{all()};
    const std::size_t length = text_.size() - 1;
    for (std::size_t n = 1; n < std::min(longest, length + 1); ++n) {
      contexts[n] = all();
      for (std::size_t k = 0; k < n; ++k)
        contexts[n] = followed_by(contexts[n], k, text_[length - n + k]);
    }
    return contexts;
  }
  /// Behind a text's first symbol.
  Contexts after(std::int32_t symbol) const { return {all(), followed_by(all(), 0, symbol)}; }

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
    const double alone = static_cast<double>(count_[static_cast<std::size_t>(symbol)]);
    result[0] = {alone, counted_, different_symbols_};
    return result;
  }

 private:
  Range all() const { return {0, places_.size()}; }
  /// −1 behind a text's end.
  std::int32_t symbol_at(std::size_t place, std::size_t k) const {
    for (std::size_t j = 0; j < k; ++j)
      if (text_[place + j] < 0) return -1;
    return text_[place + k];
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
    context.begin = followed_by(context, n, -1).end;  // texts' ends stand first among their like
    if (context.size() == 0) return {};
    const std::vector<std::uint32_t>& different = different_[n];
    return {.followed = static_cast<double>(context.size()),
            .followers = 1.0 + different[context.end - 1] - different[context.begin]};
  }

  std::vector<std::int32_t> text_;  // of all texts, −1 behind each
  std::vector<std::uint32_t> places_;
  /// [n][i]: how many of the places up to i begin with other n + 1 symbols than the one before.
  std::array<std::vector<std::uint32_t>, longest> different_;
  std::vector<std::size_t> count_;  // of each symbol, where it is counted
  double counted_ = 0, different_symbols_ = 0;
};

Ngrams::Ngrams(const Sequences& texts, bool given, int symbols)
    : count_(static_cast<std::size_t>(symbols)) {
  for (const auto& text : texts) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      places_.push_back(static_cast<std::uint32_t>(text_.size()));
      text_.push_back(text[i]);
      if (i > 0 || !given) ++count_[static_cast<std::size_t>(text[i])];
    }
    text_.push_back(-1);
  }
  RNNLAB_CHECK_LT(text_.size(), std::size_t{std::numeric_limits<std::uint32_t>::max()});
  for (const std::size_t count : count_) {
    counted_ += static_cast<double>(count);
    different_symbols_ += count > 0;
  }
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

/// Bits of what is scored, added up.
class Bits {
 public:
  Bits(const Ngrams& ngrams, int symbols) : ngrams_(ngrams), symbols_(symbols) {}

  void add(Ngrams::Contexts& contexts, std::int32_t symbol) {
    const auto seen = ngrams_.look_up(contexts, symbol);
    double q = 1.0 / symbols_;
    for (std::size_t n = 0; n < longest; ++n) {
      const auto [count, followed, followers] = seen[n];
      additive_[n] -= std::log2((count + delta) / (followed + delta * symbols_));
      if (followed > 0) q = (count + followers * q) / (followed + followers);
    }
    interpolated_ -= std::log2(q);
    ++scored_;
  }

  std::vector<Baseline> means() const {
    return {{"uniform", std::log2(symbols_)},   {"unigram", additive_[0] / scored_},
            {"bigram", additive_[1] / scored_}, {"trigram", additive_[2] / scored_},
            {"4-gram", additive_[3] / scored_}, {"interpolated 4-gram", interpolated_ / scored_}};
  }

 private:
  const Ngrams& ngrams_;
  int symbols_;
  std::array<double, longest> additive_{};
  double interpolated_ = 0, scored_ = 0;
};

}  // namespace

std::vector<Baseline> ngram_baselines(std::span<const std::int32_t> training,
                                      std::span<const std::int32_t> scored, int symbols) {
  RNNLAB_CHECK_LT(0u, scored.size());
  const Ngrams ngrams({training}, false, symbols);
  Ngrams::Contexts contexts = ngrams.at_the_end();
  Bits bits(ngrams, symbols);
  for (const std::int32_t symbol : scored) bits.add(contexts, symbol);
  return bits.means();
}

std::vector<Baseline> ngram_baselines(const Sequences& training, const Sequences& scored,
                                      int symbols) {
  const Ngrams ngrams(training, true, symbols);
  Bits bits(ngrams, symbols);
  for (const auto& sequence : scored) {
    Ngrams::Contexts contexts = ngrams.after(sequence.front());
    for (const std::int32_t symbol : sequence.subspan(1)) bits.add(contexts, symbol);
  }
  return bits.means();
}

}  // namespace rnnlab
