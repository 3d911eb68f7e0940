#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/bleu.hpp"
#include "data/translation_corpus.hpp"
#include "decode/beam.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// A source of the test split and what a trained model makes of it.
struct ScoredSource {
  std::string sentence, hypothesis;  // as text
  std::vector<std::string> references;
  int symbols = 0;     // of the source
  double nats = 0;     // −ln p of its target, the first reference, the end counted
  int steps = 0;       // of that target, the end counted
  Bleu statistics;     // of this source alone
  bool exact = false;  // whether the hypothesis is one of the references
};

/// Every example of the test split, decoded by beam search to at most the longest target, in their
/// order. `parameters` in the order of the model's layout. REQUIRES: the model was trained on as
/// many symbols.
std::vector<ScoredSource> score_translations(const TranslationCorpus&, const TranslationOptions&,
                                             const ModelOptions&,
                                             std::span<const double> parameters,
                                             const BeamOptions&);

/// Of the sources that have so many symbols, all in one.
struct TranslationScore {
  std::int64_t sources = 0;
  double bleu = 0, exact_match = 0, perplexity = 0;
};
TranslationScore total_of(const std::vector<ScoredSource>&, int least_symbols, int most_symbols);

}  // namespace rnnlab
