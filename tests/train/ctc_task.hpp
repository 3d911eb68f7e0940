#pragma once

#include <span>

#include "base/label_sequence.hpp"
#include "data/task.hpp"

namespace rnnlab::test {

/// Marks of two steps somewhere in a sequence, told in their order (ctc). A mark's first step sets
/// one of two inputs, its second again one of two, which makes four labels; nothing says where they
/// stand, nor how many there are.
///
///   x  (0,0) (1,0) (0,1) (0,0) (0,0) (1,0) (1,0) (0,0)     labels 2 1
///   x  (0,0) (0,0) (0,1) (0,1) (0,0)                       labels 4
class Marks final : public Task {
 public:
  static constexpr int shortest = 12, longest = 20, most = 4;

  Facts facts() const override {
    return {.inputs = 2,
            .outputs = 5,
            .length = longest,
            .target_length = most,
            .loss = LossKind::ctc,
            .readout = Readout::every,
            .chance_loss = 1,
            .solved = 0.05,
            .chance = "no label at all, label error rate 1"};
  }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(), static_cast<int>(examples.size()));
    const std::size_t B = examples.size();
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const std::uint32_t steps = shortest + rng.below(longest - shortest + 1);
      const std::uint32_t marks = rng.below(most + 1);
      out.length[b] = static_cast<int>(steps);
      out.target_steps[b] = static_cast<int>(marks);
      std::uint32_t t = 0, free = steps - 3 * marks;  // a mark and a step behind it
      for (std::uint32_t u = 0; u < marks; ++u, t += 3) {
        const std::uint32_t gap = rng.below(free + 1), first = rng.below(2), second = rng.below(2);
        t += gap;
        free -= gap;
        out.x[(t * B + b) * 2 + first] = 1;
        out.x[((t + 1) * B + b) * 2 + second] = 1;
        out.label[u * B + b] = static_cast<std::int32_t>(1 + 2 * first + second);
      }
      for (std::size_t past = steps; past < longest; ++past) out.weight[past * B + b] = 0;
    }
  }
};

/// Whether a batch holds what ctc asks for: see ctc_loss().
inline bool fits_ctc(const Facts& facts, const Batch& batch) {
  bool fits = facts.readout == Readout::every && facts.outputs > 1;
  fits = fits && batch.label.size() == static_cast<std::size_t>(facts.target_length * batch.B);
  for (std::size_t b = 0; fits && b < batch.length.size(); ++b) {
    const auto at = [&](int row) {
      return static_cast<std::size_t>(row) * batch.length.size() + b;
    };
    for (int t = 0; t < batch.T; ++t)
      fits = fits && batch.weight[at(t)] == (t < batch.length[b] ? 1.0f : 0.0f);
    const int labels = batch.target_steps[b];
    fits = fits && labels >= 0 && labels <= facts.target_length;
    std::vector<std::int32_t> target;
    for (int u = 0; fits && u < facts.target_length; ++u) {
      if (u < labels) target.push_back(batch.label[at(u)]);
      fits = u < labels ? target.back() > ctc_blank && target.back() < facts.outputs
                        : batch.label[at(u)] == 0;
    }
    fits = fits && fewest_steps(target) <= batch.length[b];
  }
  return fits;
}

}  // namespace rnnlab::test
