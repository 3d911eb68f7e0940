#include "data/language_model_task.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"
#include "data/ngram.hpp"

namespace rnnlab {
namespace {

std::size_t part_of(Stream split) {
  return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
}

}  // namespace

Facts language_facts(TextUnit unit, int symbols, int length) {
  const bool words = unit == TextUnit::words;
  return {.inputs = symbols,
          .symbols = true,
          .outputs = symbols,
          .length = length,
          .loss = LossKind::cross_entropy,
          .metric = words ? Metric::perplexity : Metric::bits_per_character,
          .readout = Readout::every,
          .chance_loss = std::log(static_cast<double>(symbols)),
          .chance = words ? "ln(number of words)" : "ln(different characters)"};
}

std::vector<Baseline> language_baselines(TextUnit unit, std::span<const std::int32_t> training,
                                         std::span<const std::int32_t> scored, int symbols) {
  std::vector<Baseline> bits = ngram_baselines(training, scored, symbols);
  if (unit == TextUnit::characters) return bits;
  std::vector<Baseline> perplexities;
  for (const Baseline& b : bits) {
    if (b.name != "trigram" && b.name != "4-gram")
      perplexities.push_back({b.name, std::exp2(b.value)});
  }
  return perplexities;
}

LanguageModelTask::LanguageModelTask(LanguageData data) : data_(std::move(data)) {
  for (std::size_t part = 0; part < 3; ++part) {
    RNNLAB_CHECK_LE(1u, data_.begin[part]);
    RNNLAB_CHECK_LE(data_.begin[part], data_.end[part]);
    RNNLAB_CHECK_LE(data_.end[part], data_.ids.size());
  }
}

Facts LanguageModelTask::facts() const {
  return language_facts(data_.unit, static_cast<int>(data_.symbols.size()), data_.length);
}

std::int64_t LanguageModelTask::stream(Stream split) const {
  return split == Stream::train && data_.random ? 0 : std::ssize(targets(part_of(split)));
}

std::string LanguageModelTask::text(Stream split) const {
  const TextVocabulary vocabulary(data_.unit, data_.symbols);
  std::string text;
  std::optional<std::int32_t> before;
  const std::size_t part = part_of(split);
  // A text of characters begins with one that is shown alone; in words a line's end is.
  if (part == 0 && data_.unit == TextUnit::characters && !targets(0).empty())
    text = vocabulary.written(data_.ids[data_.begin[0] - 1], before);
  for (const std::int32_t symbol : targets(part)) {
    text += vocabulary.written(symbol, before);
    before = symbol;
  }
  return text;
}

void LanguageModelTask::draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const {
  const auto B = examples.size(), T = static_cast<std::size_t>(data_.length);
  out.reset(facts(), static_cast<int>(B));
  const std::size_t part = part_of(key.stream);
  const bool random = data_.random && key.stream == Stream::train;
  const auto places = static_cast<double>(data_.end[0] - data_.begin[0] - (random ? T - 1 : 0));
  for (std::size_t b = 0; b < B; ++b) {
    const std::size_t begin =
        data_.begin[part] +
        (random ? static_cast<std::size_t>(Rng(key, examples[b]).uniform53() * places)
                : examples[b]);
    const std::size_t steps = std::min(T, data_.end[part] - begin);
    out.length[b] = static_cast<int>(steps);
    for (std::size_t t = 0; t < steps; ++t) {
      out.symbol[t * B + b] = data_.ids[begin + t - 1];
      out.label[t * B + b] = data_.ids[begin + t];
    }
    for (std::size_t t = steps; t < T; ++t) out.weight[t * B + b] = 0;
  }
}

std::vector<Baseline> LanguageModelTask::baselines() const {
  return language_baselines(data_.unit, training(), targets(2),
                            static_cast<int>(data_.symbols.size()));
}

}  // namespace rnnlab
