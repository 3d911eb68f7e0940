#include "data/ngram.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "base/check.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t longest = 4;
constexpr double delta = 0.1;

/// The n-grams of a text up to the longest, as a tree: the children of a context are the symbols
/// that follow it.
class Ngrams {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  using Contexts = std::array<std::uint32_t, longest>;  // nodes of the last 0, 1, 2, … symbols

  static Contexts at_the_beginning() {
    Contexts contexts;
    contexts.fill(none);
    contexts.front() = 0;
    return contexts;
  }

  /// The contexts after a first symbol that is not counted.
  Contexts begin_after(std::int32_t symbol) {
    child(0, symbol);
    return after(symbol);
  }
  Contexts after(std::int32_t symbol) const {
    Contexts contexts = at_the_beginning();
    const auto found = child_.find(key(0, symbol));
    if (found != child_.end()) contexts[1] = found->second;
    return contexts;
  }

  /// Counts one more symbol after `contexts`, and moves them behind it.
  void count(Contexts& contexts, std::int32_t symbol) {
    const Contexts before = contexts;
    for (std::size_t n = 0; n < longest; ++n) {
      if (before[n] == none) continue;
      const std::uint32_t next = child(before[n], symbol);
      if (nodes_[next].count++ == 0) ++nodes_[before[n]].followers;
      ++nodes_[before[n]].followed;
      if (n + 1 < longest) contexts[n + 1] = next;
    }
  }

  /// What is known of the symbol after the last 0, 1, 2, … ones; moves `contexts` behind it.
  struct Seen {
    double count = 0, followed = 0, followers = 0;
  };
  std::array<Seen, longest> look_up(Contexts& contexts, std::int32_t symbol) const {
    const Contexts before = contexts;
    std::array<Seen, longest> result;
    for (std::size_t n = 0; n < longest; ++n) {
      std::uint32_t next = none;
      if (before[n] != none) {
        const auto child = child_.find(key(before[n], symbol));
        if (child != child_.end()) next = child->second;
        const Node& context = nodes_[before[n]];
        result[n] = {next == none ? 0.0 : nodes_[next].count, 1.0 * context.followed,
                     1.0 * context.followers};
      }
      if (n + 1 < longest) contexts[n + 1] = next;
    }
    return result;
  }

 private:
  struct Node {
    std::uint32_t count = 0;      // occurrences
    std::uint32_t followed = 0;   // of them, not at the text's end
    std::uint32_t followers = 0;  // different ones
  };

  /// The node behind a context, made if need be.
  std::uint32_t child(std::uint32_t context, std::int32_t symbol) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    const auto [found, is_new] = child_.try_emplace(key(context, symbol), next);
    if (is_new) nodes_.emplace_back();
    return found->second;
  }

  static std::uint64_t key(std::uint32_t context, std::int32_t symbol) {
    return std::uint64_t{context} << 32 | static_cast<std::uint32_t>(symbol);
  }

  std::vector<Node> nodes_{1};  // the first is the root: the empty context
  std::unordered_map<std::uint64_t, std::uint32_t> child_;
};

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
  Ngrams ngrams;
  Ngrams::Contexts contexts = Ngrams::at_the_beginning();
  for (const std::int32_t symbol : training) ngrams.count(contexts, symbol);
  Bits bits(ngrams, symbols);
  for (const std::int32_t symbol : scored) bits.add(contexts, symbol);
  return bits.means();
}

std::vector<Baseline> ngram_baselines(const Sequences& training, const Sequences& scored,
                                      int symbols) {
  Ngrams ngrams;
  for (const auto& sequence : training) {
    Ngrams::Contexts contexts = ngrams.begin_after(sequence.front());
    for (const std::int32_t symbol : sequence.subspan(1)) ngrams.count(contexts, symbol);
  }
  Bits bits(ngrams, symbols);
  for (const auto& sequence : scored) {
    Ngrams::Contexts contexts = ngrams.after(sequence.front());
    for (const std::int32_t symbol : sequence.subspan(1)) bits.add(contexts, symbol);
  }
  return bits.means();
}

}  // namespace rnnlab
