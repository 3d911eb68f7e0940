#include "decode/translation_scores.hpp"

#include <array>
#include <cmath>

#include "base/check.hpp"
#include "data/symbol_text.hpp"
#include "nn/model.hpp"

namespace rnnlab {
namespace {

Facts facts_of(const TranslationCorpus& corpus, int steps) {
  return {.inputs = corpus.sources().size(),
          .symbols = true,
          .outputs = corpus.targets().size(),
          .length = corpus.longest_source(),
          .target_length = steps,
          .loss = LossKind::cross_entropy,
          .metric = Metric::perplexity,
          .readout = Readout::sequence};
}

/// The example as a batch of one column.
void put(const TranslationCorpus::Example& pair, Facts facts, Batch& batch) {
  facts.length = static_cast<int>(pair.source.size());
  facts.target_length = static_cast<int>(pair.target.size()) + 1;
  batch.reset(facts, 1);
  std::copy(pair.source.begin(), pair.source.end(), batch.symbol.begin());
  std::copy(pair.target.begin(), pair.target.end(), batch.label.begin());
  batch.label.back() = end_symbol;
}

}  // namespace

std::vector<ScoredSource> score_translations(const TranslationCorpus& corpus,
                                             const TranslationOptions& options,
                                             const ModelOptions& model_options,
                                             std::span<const double> parameters,
                                             const BeamOptions& beam) {
  const Facts facts = facts_of(corpus, corpus.longest_target() + 1);
  const auto model = make_model<float>(model_options, facts);
  RNNLAB_CHECK_EQ(parameters.size(), model->parameters().size());
  const std::vector<float> theta(parameters.begin(), parameters.end());
  Slab<float> packed(model->packed_size()), frame(model->frame_size(facts.length, 1));
  model->pack(theta.data(), packed.data());
  BeamSearch search(*model->decoder(), packed.data(), beam);
  const Tokeniser tokeniser = options.target_tokeniser();
  const SymbolText targets(corpus.targets().symbols(), 1, tokeniser);

  std::vector<ScoredSource> scored;
  Batch batch;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(corpus.examples(Stream::test)); ++i) {
    const auto pair = corpus.example(Stream::test, i);
    put(pair, facts, batch);
    const LossSums sums = model->evaluate(packed.data(), batch, frame.data());
    ScoredSource one{
        .sentence = corpus.sentence(Stream::test, i),
        .hypothesis = targets.write(search(batch, facts.target_length).front().symbols),
        .references = corpus.references(Stream::test, i),
        .symbols = static_cast<int>(pair.source.size()),
        .nats = sums.loss,
        .steps = static_cast<int>(pair.target.size()) + 1,
        .statistics = Bleu(bleu_tokens(tokeniser.language()))};
    one.statistics.add(one.hypothesis, one.references);
    one.exact = matches(tokeniser, one.hypothesis, one.references);
    scored.push_back(std::move(one));
  }
  return scored;
}

TranslationScore total_of(const std::vector<ScoredSource>& scored, int least_symbols,
                          int most_symbols) {
  TranslationScore total;
  Bleu bleu(tokens_13a);
  double nats = 0, steps = 0, exact = 0;
  for (const ScoredSource& one : scored) {
    if (one.symbols < least_symbols || one.symbols > most_symbols) continue;
    ++total.sources;
    bleu += one.statistics;
    nats += one.nats;
    steps += one.steps;
    exact += one.exact;
  }
  total.bleu = bleu.score();
  total.exact_match = exact / static_cast<double>(total.sources);
  total.perplexity = std::exp(nats / steps);
  return total;
}

}  // namespace rnnlab
