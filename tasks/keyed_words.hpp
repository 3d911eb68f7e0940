#pragma once

#include "lengths.hpp"
#include "text_set.hpp"

namespace rnnlab {

/// Made documents and summaries: a document is a row of words of an alphabet of A, uniform, of
/// which k have the key `*` in front of them, at places that are uniform too; the summary is these
/// k, in their order. k is uniform over 2 … `keyed`.
///
///   w3 w0 * w5 w7 * w1 w2     w5 w1
class KeyedWords final : public TextSet {
 public:
  struct Options {
    LengthOptions lengths{.length = 20};  // words of a document, keys not counted
    std::int64_t alphabet = 20, keyed = 4;

    void describe(OptionVisitor&);
  };

  /// Throws Error(usage) where a document may have fewer words than are keyed.
  explicit KeyedWords(const Options&);

  void example(Key, std::uint64_t index, TextExample& to) const override;
  Longest longest() const override { return {lengths_.longest() + keyed_, 0, keyed_}; }
  const std::vector<std::string>& sources() const override { return words_; }
  const std::vector<std::string>& targets() const override { return targets_; }
  std::string text(std::span<const std::int32_t> symbols, bool target) const override;
  /// Who has read the summary so far knows how likely its end is.
  double chance_loss() const override;
  const char* chance() const override {
    return "(ln(keyed - 1) + E[k] ln alphabet) / (E[k] + 1), k uniform over 2 .. keyed: any words, "
           "any "
           "number of them";
  }

 private:
  Lengths lengths_;
  int alphabet_, keyed_;
  std::vector<std::string> words_, targets_;  // words_: the key, then the words
};

}  // namespace rnnlab
