#pragma once

#include <span>
#include <vector>

#include "data/spelling_test.hpp"
#include "data/task.hpp"
#include "data/text_vocabulary.hpp"

namespace rnnlab {

/// Scores a language model by what it corrects, beside what the words' frequencies do.
class SpellingScorer final : public Scorer {
 public:
  /// `unigram`: what a Corrector by the list alone leaves right. REQUIRES: test and list outlive
  /// it.
  SpellingScorer(const SpellingTest& test, const WordList& list, const CorrectorOptions& how,
                 CorrectionCount unigram, TextVocabulary symbols)
      : words(list), options(how), vocabulary(std::move(symbols)), test_(test), unigram_(unigram) {}

  const WordList& words;
  const CorrectorOptions options;
  const TextVocabulary vocabulary;

  /// The model's predictions tell nothing; its corrector does.
  void add(const Batch&, std::span<const std::uint64_t>, std::span<const float>) override {}
  void add_corrected(Corrector& correct, const std::function<bool()>& stopped) {
    model_ = test_.corrected(correct, stopped);
  }

  static std::vector<TestMetric> metrics() {
    return {{"typos_right", "1", "share of the mistyped words that the model puts right"},
            {"words_right", "1", "share of all words that are right after its corrections"},
            {"typos_right_gain", "1", "typos_right less that of the words' frequencies alone"}};
  }
  std::vector<double> values() const override {
    const auto typos = static_cast<double>(test_.typos());
    return {static_cast<double>(model_.typos_right) / typos,
            static_cast<double>(model_.words_right) / static_cast<double>(test_.words()),
            static_cast<double>(model_.typos_right - unigram_.typos_right) / typos};
  }

 private:
  const SpellingTest& test_;
  CorrectionCount unigram_, model_;
};

}  // namespace rnnlab
