#include "text_task.hpp"

#include <algorithm>

namespace rnnlab {

std::int32_t batched_by(std::size_t source, std::size_t target) {
  return static_cast<std::int32_t>(target << 10 | std::min<std::size_t>(source, 1023));
}

TextTask::TextTask(std::unique_ptr<TextSet> set, const DataOptions& data, std::int64_t seed)
    : set_(std::move(set)), data_(data), seed_(static_cast<std::uint64_t>(seed)) {
  if (set_->examples(Stream::train) == 0) return;
  for_each(Stream::train, [&](const TextExample& example) {
    lengths_.push_back(batched_by(example.source.size(), example.target.size()));
  });
}

std::int64_t TextTask::count(Stream split) const {
  constexpr std::int64_t drawn_training = 1000;
  if (const std::int64_t own = set_->examples(split); own > 0) return own;
  return split == Stream::test    ? data_.test_examples
         : split == Stream::valid ? data_.valid_examples
                                  : drawn_training;
}

Facts TextTask::facts() const {
  const TextSet::Longest longest = set_->longest();
  return {.inputs = static_cast<int>(set_->sources().size()),
          .symbols = true,
          .outputs = static_cast<int>(set_->targets().size()),
          .length = longest.source,
          .second_length = longest.second,
          .target_length = longest.target + 1,
          .loss = LossKind::cross_entropy,
          .readout = Readout::sequence,
          .chance_loss = set_->chance_loss(),
          .solved = 0.99,
          .chance = set_->chance()};
}

std::vector<Plateau> TextTask::plateaus() const {
  std::vector<Plateau> all = Task::plateaus();
  const std::vector<Plateau> below = set_->plateaus();
  all.insert(all.end(), below.begin(), below.end());
  return all;
}

void TextTask::draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const {
  static thread_local TextExample example;
  const std::size_t B = examples.size();
  out.reset(facts(), static_cast<int>(B));
  std::fill(out.weight.begin(), out.weight.end(), 0.0f);
  for (std::size_t b = 0; b < B; ++b) {
    set_->example(key, examples[b], example);
    const auto& [source, second, target] = example;
    out.length[b] = static_cast<int>(source.size());
    for (std::size_t t = 0; t < source.size(); ++t) out.symbol[t * B + b] = source[t];
    if (out.second.T > 0) out.second.length[b] = static_cast<int>(second.size());
    for (std::size_t t = 0; t < second.size(); ++t) out.second.symbol[t * B + b] = second[t];
    out.target_steps[b] = static_cast<int>(target.size() + 1);
    for (std::size_t t = 0; t <= target.size(); ++t) {
      out.label[t * B + b] = t < target.size() ? target[t] : end_symbol;
      out.weight[t * B + b] = 1;
    }
  }
}

}  // namespace rnnlab
