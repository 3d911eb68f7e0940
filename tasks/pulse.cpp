#include "pulse.hpp"

#include <cmath>

namespace rnnlab {
namespace {

/// One to many: the input, given once, is a period p, one-hot over 2 … periods + 1; the answer is a
/// pulse at every p-th step, class 1 at steps p − 1, 2p − 1, … and class 0 elsewhere. The model has
/// to keep the period and to count.
///
///   p = 2   x (1, 0, 0)     labels 0 1 0 1 0 1 0
///   p = 4   x (0, 0, 1)     labels 0 0 0 1 0 0 0
class Pulse final : public Task {
 public:
  struct Options {
    std::int64_t length = 24;
    std::int64_t periods = 5;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit(
          {.name = "length", .help = "steps of an answer", .unit = "steps", .min = 1, .max = 1e6},
          length);
      v.visit({.name = "periods",
               .help = "how many periods there are, the shortest of 2 steps",
               .min = 2,
               .max = 1024},
              periods);
      data.describe(v);
    }
  };

  explicit Pulse(const Options& o)
      : T_(static_cast<int>(o.length)), periods_(static_cast<int>(o.periods)), chance_(chance()) {}

  Facts facts() const override {
    return {.inputs = periods_,
            .once = true,
            .outputs = 2,
            .length = T_,
            .loss = LossKind::cross_entropy,
            .readout = Readout::every,
            .chance_loss = chance_,
            .solved = 0.99,
            .chance = "mean over t of the entropy of the share of periods that pulse at t"};
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const auto chosen = rng.below(static_cast<std::uint32_t>(periods_));
      out.x[b * static_cast<std::size_t>(periods_) + chosen] = 1.0f;
      for (int t = 0; t < T_; ++t)
        out.label[static_cast<std::size_t>(t) * B + b] = pulses(t, static_cast<int>(chosen) + 2);
    }
  }

 private:
  static bool pulses(int t, int period) { return (t + 1) % period == 0; }
  double chance() const {
    double sum = 0;
    for (int t = 0; t < T_; ++t) {
      int count = 0;
      for (int k = 0; k < periods_; ++k) count += pulses(t, k + 2);
      for (const int part : {count, periods_ - count}) {
        const double share = static_cast<double>(part) / periods_;
        if (part > 0) sum -= share * std::log(share);
      }
    }
    return sum / T_;
  }

  int T_, periods_;
  double chance_;
};

}  // namespace

TaskEntry pulse_entry() {
  return task_entry<Pulse>("pulse", "one input, a period; a pulse at every such step (one to many)",
                           "p = 2   x (1, 0, 0)     labels 0 1 0 1 0 1 0\n"
                           "p = 4   x (0, 0, 1)     labels 0 0 0 1 0 0 0",
                           {});
}

}  // namespace rnnlab
