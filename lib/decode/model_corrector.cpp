#include "decode/model_corrector.hpp"

#include <algorithm>

#include "data/language_model_task.hpp"

namespace rnnlab {
namespace {

/// The symbols of a candidate; empty where the model cannot write it.
std::vector<std::int32_t> symbols_of(const TextVocabulary& vocabulary, const std::string& word) {
  std::vector<std::int32_t> symbols = vocabulary.encode_known(word);
  std::string written;
  for (const std::int32_t symbol : symbols) written += vocabulary.text(symbol);
  if (written != word) symbols.clear();
  return symbols;
}

}  // namespace

ModelCorrector::ModelCorrector(const WordList& words, const CorrectorOptions& options,
                               const TextVocabulary& vocabulary, const ModelOptions& model,
                               std::span<const double> parameters)
    : Corrector(words, options),
      vocabulary_(vocabulary),
      model_(model, language_facts(vocabulary.unit(), vocabulary.size(), 1), parameters) {
  model_.read(vocabulary.line_end().value_or(0));
}

void ModelCorrector::read(std::string_view text) {
  for (const std::int32_t symbol : vocabulary_.encode_known(text)) model_.read(symbol);
}

void ModelCorrector::end_line() {
  if (const auto end = vocabulary_.line_end()) model_.read(*end);
}

void ModelCorrector::choose(std::vector<WordList::Candidate>& candidates, std::string_view rest) {
  candidates.resize(std::min(candidates.size(), options_.reranked));
  std::vector<std::int32_t> behind = vocabulary_.encode_up_to_unknown(rest);
  behind.resize(std::min(behind.size(), options_.horizon));
  std::vector<std::vector<std::int32_t>> continuations;
  std::vector<WordList::Candidate> readable;
  for (WordList::Candidate& candidate : candidates) {
    std::vector<std::int32_t> symbols = symbols_of(vocabulary_, candidate.word);
    if (symbols.empty()) symbols = symbols_of(vocabulary_, candidate.lower);
    if (symbols.empty()) continue;
    symbols.insert(symbols.end(), behind.begin(), behind.end());
    continuations.push_back(std::move(symbols));
    readable.push_back(std::move(candidate));
  }
  candidates = std::move(readable);
  if (candidates.empty()) return;
  std::vector<double> scores = model_.log_probabilities(continuations);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] -= cost(candidates[i]);
  std::swap(candidates.front(),
            candidates[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                                scores.begin())]);
}

}  // namespace rnnlab
