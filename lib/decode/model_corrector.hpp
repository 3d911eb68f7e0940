#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/corrector.hpp"
#include "data/text_vocabulary.hpp"
#include "decode/continuations.hpp"

namespace rnnlab {

/// Spelling correction by a language model:
///
///   score(c) = ln P(c, what follows | the text before) − cost · distance(w, c)
///
/// The text before is that of the lines before as well, as they were corrected; characters or words
/// that the model has no symbol for are left out of it, and what follows ends there. Where the
/// model cannot write a candidate in w's case, it reads it in lower case.
class ModelCorrector final : public Corrector {
 public:
  /// `parameters` in the order of the model's layout. REQUIRES: list and vocabulary outlive it.
  ModelCorrector(const WordList&, const CorrectorOptions&, const TextVocabulary&,
                 const ModelOptions&, std::span<const double> parameters);

 private:
  void read(std::string_view text) override;
  void end_line() override;
  void choose(std::vector<WordList::Candidate>&, std::string_view rest) override;

  const TextVocabulary& vocabulary_;
  Continuations model_;
};

}  // namespace rnnlab
