#pragma once

#include <array>
#include <optional>
#include <span>

#include "data/parallel_text.hpp"
#include "data/token_vocabulary.hpp"
#include "data/translation_options.hpp"

namespace rnnlab {

/// A parallel text as symbols, in parts.
///
/// Training examples are pairs. Where the corpus is not split, a source's translations all fall
/// into one part, drawn from the seed: sources are the same if their tokens are. Of validation and
/// test a different source is one example, however many translations it has: its target is the
/// first of them that is not too long, all of them are its references. Where the corpus is split,
/// every pair is an example, its target the reference.
class TranslationCorpus {
 public:
  struct Example {
    std::span<const std::int32_t> source, target;  // target without its end
  };

  /// The symbols of both languages, unknown_token among each.
  struct Symbols {
    std::vector<std::string> sources, targets;
  };

  /// In the symbols `known`, or, null, in those that the training part has often enough. Throws
  /// Error: data for what cannot be read, or is too little; usage for options that do not fit
  /// together.
  explicit TranslationCorpus(const TranslationOptions&, const Symbols* known = nullptr);

  std::int64_t examples(Stream split) const { return std::ssize(parts_[part(split)]); }
  Example example(Stream split, std::uint64_t index) const;
  /// Of validation and test: the sentence as it is in the corpus, and its translations.
  const std::string& sentence(Stream split, std::uint64_t index) const;
  const std::vector<std::string>& references(Stream split, std::uint64_t index) const;

  const TokenVocabulary& sources() const { return *sources_; }
  const TokenVocabulary& targets() const { return *targets_; }
  /// Pairs of the corpus that are in no part as one of its sentences is too long.
  std::int64_t left_out() const { return left_out_; }
  /// In symbols, of any part; the end is not counted.
  int longest_source() const { return longest_[0]; }
  int longest_target() const { return longest_[1]; }

 private:
  /// The sentences of one language, one after the other.
  struct Side {
    std::vector<std::int32_t> ids;
    std::vector<std::size_t> end{0};  // [pairs + 1]

    std::span<const std::int32_t> operator[](std::size_t pair) const {
      return std::span(ids).subspan(end[pair], end[pair + 1] - end[pair]);
    }
    std::size_t length(std::size_t pair) const { return end[pair + 1] - end[pair]; }
  };
  /// What a test example has besides symbols.
  struct Texts {
    std::string sentence;
    std::vector<std::string> references;
  };

  static std::size_t part(Stream split) {
    return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
  }
  void read(const ParallelText&, const TranslationOptions&);
  void keep_parts(const ParallelText&, const TranslationOptions&);
  void draw_parts(const ParallelText&, const TranslationOptions&);
  bool fits(std::size_t pair, const TranslationOptions&) const;
  void encode(const TranslationOptions&, const Symbols* known);

  TokenNumbers source_numbers_, target_numbers_;
  Side source_, target_;
  std::array<std::vector<std::uint32_t>, 3> parts_;  // pairs
  std::array<std::vector<Texts>, 3> texts_;          // none of training
  std::optional<TokenVocabulary> sources_, targets_;
  std::array<int, 2> longest_{};
  std::int64_t left_out_ = 0;
};

}  // namespace rnnlab
