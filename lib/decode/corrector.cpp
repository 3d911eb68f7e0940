#include "decode/corrector.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "data/utf8.hpp"

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

Corrector::Corrector(const WordList& words, const CorrectorOptions& options,
                     const TextVocabulary& vocabulary, Continuations& model)
    : words_(words), options_(options), vocabulary_(&vocabulary), model_(&model) {
  model_->read(vocabulary.line_end().value_or(0));
}

void Corrector::read(std::string_view text) {
  if (!model_) return;
  for (const std::int32_t symbol : vocabulary_->encode_known(text)) model_->read(symbol);
}

void Corrector::by_model(std::vector<WordList::Candidate>& candidates, std::vector<double>& scores,
                         std::string_view rest) {
  std::vector<std::int32_t> behind = vocabulary_->encode_up_to_unknown(rest);
  behind.resize(std::min(behind.size(), options_.horizon));
  std::vector<std::vector<std::int32_t>> continuations;
  std::vector<WordList::Candidate> readable;
  for (WordList::Candidate& candidate : candidates) {
    std::vector<std::int32_t> symbols = symbols_of(*vocabulary_, candidate.word);
    if (symbols.empty()) symbols = symbols_of(*vocabulary_, candidate.lower);
    if (symbols.empty()) continue;
    symbols.insert(symbols.end(), behind.begin(), behind.end());
    continuations.push_back(std::move(symbols));
    readable.push_back(std::move(candidate));
  }
  candidates = std::move(readable);
  scores = model_->log_probabilities(continuations);
}

std::string Corrector::best(std::string_view word, std::string_view rest) {
  std::vector<WordList::Candidate> candidates = words_.candidates(word);
  const auto cost = [&](const WordList::Candidate& c) {
    return options_.edit_cost * static_cast<double>(c.distance);
  };
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return a.log_share - cost(a) > b.log_share - cost(b);
  });
  if (!model_) return candidates.empty() ? std::string(word) : candidates.front().word;
  candidates.resize(std::min(candidates.size(), options_.reranked));
  std::vector<double> scores;
  by_model(candidates, scores, rest);
  if (candidates.empty()) return std::string(word);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] -= cost(candidates[i]);
  const auto first = std::max_element(scores.begin(), scores.end());
  return candidates[static_cast<std::size_t>(first - scores.begin())].word;
}

std::string Corrector::operator()(std::string_view line, const std::string& where) {
  if (const std::size_t valid = decode_utf8(line).bytes; valid < line.size())
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(valid + 1), where,
                "give text in UTF-8");
  std::string corrected;
  std::size_t done = 0;
  const auto keep = [&](std::size_t end) {
    read(line.substr(done, end - done));
    corrected += line.substr(done, end - done);
    done = end;
  };
  for (const WordPlace& place : word_places(line)) {
    const std::string_view word = line.substr(place.begin, place.size);
    if (words_.knows(word)) continue;
    keep(place.begin);
    done += place.size;
    const std::string chosen = best(word, line.substr(done));
    read(chosen);
    corrected += chosen;
  }
  keep(line.size());
  if (model_) {
    if (const auto end = vocabulary_->line_end()) model_->read(*end);
  }
  return corrected;
}

}  // namespace rnnlab
