#include "train/test_scores.hpp"

#include <array>

#include "data/spelling_scorer.hpp"
#include "decode/beam.hpp"
#include "decode/model_corrector.hpp"

namespace rnnlab {
namespace {

template <class S>
void correct(const ModelOptions& options, std::span<const S> parameters, SpellingScorer& scorer,
             const std::atomic<bool>* stop) {
  const std::vector<double> theta(parameters.begin(), parameters.end());
  ModelCorrector corrector(scorer.words, scorer.options, scorer.vocabulary, options, theta);
  scorer.add_corrected(corrector, [stop] { return stop && stop->load(std::memory_order_relaxed); });
}

template <class S>
void decode(const Task& task, Key key, const ModelOptions& options, std::span<const S> parameters,
            std::int64_t examples, Scorer& scorer, const std::atomic<bool>* stop) {
  const Facts facts = task.facts();
  const auto model = make_model<float>(options, facts);
  const std::vector<float> theta(parameters.begin(), parameters.end());
  Slab<float> packed(model->packed_size());
  model->pack(theta.data(), packed.data());
  BeamSearch greedy(*model->decoder(), packed.data(), {});
  Batch source;
  for (std::int64_t i = 0; i < examples; ++i) {
    if (stop && stop->load(std::memory_order_relaxed)) return;
    const std::array<std::uint64_t, 1> id{static_cast<std::uint64_t>(i)};
    task.draw(key, id, source);
    source.trim(facts.readout);
    scorer.add_decoded(id[0], greedy(source, facts.target_length).front().symbols);
  }
}

}  // namespace

template <class S>
void show_examples(const Task& task, std::uint64_t task_seed, const ModelOptions& model,
                   Stepper<S>& stepper, Stream split, std::int64_t examples, Scorer& scorer,
                   const std::atomic<bool>* stop) {
  if (const std::int64_t own = task.examples(split); own > 0) examples = own;
  stepper.score(split, examples, scorer, stop);
  if (task.facts().readout == Readout::sequence)
    decode<S>(task, {task_seed, split}, model, stepper.parameters(), examples, scorer, stop);
}

template <class S>
std::vector<double> test_scores(const Task& task, std::uint64_t task_seed,
                                const ModelOptions& model, Stepper<S>& stepper, Stream split,
                                std::int64_t examples, const std::atomic<bool>* stop) {
  const std::unique_ptr<Scorer> scorer = task.scorer(split);
  if (!scorer) return {};
  if (auto* spelling = dynamic_cast<SpellingScorer*>(scorer.get())) {
    correct<S>(model, stepper.parameters(), *spelling, stop);
  } else {
    show_examples<S>(task, task_seed, model, stepper, split, examples, *scorer, stop);
  }
  if (stop && stop->load(std::memory_order_relaxed)) return {};
  return scorer->values();
}

template void show_examples(const Task&, std::uint64_t, const ModelOptions&, Stepper<float>&,
                            Stream, std::int64_t, Scorer&, const std::atomic<bool>*);
template void show_examples(const Task&, std::uint64_t, const ModelOptions&, Stepper<double>&,
                            Stream, std::int64_t, Scorer&, const std::atomic<bool>*);
template std::vector<double> test_scores(const Task&, std::uint64_t, const ModelOptions&,
                                         Stepper<float>&, Stream, std::int64_t,
                                         const std::atomic<bool>*);
template std::vector<double> test_scores(const Task&, std::uint64_t, const ModelOptions&,
                                         Stepper<double>&, Stream, std::int64_t,
                                         const std::atomic<bool>*);

}  // namespace rnnlab
