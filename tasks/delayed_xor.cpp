#include "delayed_xor.hpp"

#include <numbers>
#include <string>

#include "base/error.hpp"
#include "lengths.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// Delayed exclusive or (Engelken 2023): one input, 0 or 1 at every step, either as likely. The
/// class at step t is whether an odd number of x_{t−d}, x_{t−2d}, …, x_{t−nd} are 1; it is asked
/// for at every step that has them all. With n = 1 it is the delayed input itself.
///
///   d = 2, n = 2     x   1 0 1 1 0 0 1 0      x   0 1 1 1 0 0 1 1
///                    y   . . . . 0 1 1 1      y   . . . . 1 0 1 1
///
/// Who remembers all of the n but one knows nothing.
class DelayedXor final : public Task {
 public:
  struct Options {
    LengthOptions lengths{.length = 50};
    std::int64_t delay = 5;
    std::int64_t bits = 2;
    DataOptions data;

    void describe(OptionVisitor& v) {
      lengths.describe(v);
      v.visit({.name = "delay",
               .help = "d: how long ago the last of the bits stood, and how far apart they are",
               .unit = "steps",
               .min = 1,
               .max = 1e6},
              delay);
      v.visit(
          {.name = "bits", .help = "n: how many of them", .unit = "steps", .min = 1, .max = 1000},
          bits);
      data.describe(v);
    }
  };

  explicit DelayedXor(const Options& o)
      : lengths_(o.lengths, reach(o) + 1),
        delay_(static_cast<std::size_t>(o.delay)),
        bits_(static_cast<std::size_t>(o.bits)) {}

  Facts facts() const override { return facts(lengths_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(lengths_.longest(key.stream)), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const int length = lengths_.draw(key.stream, rng);
      std::uint32_t word = 0;
      for (std::size_t t = 0; t < static_cast<std::size_t>(out.T); ++t) {
        const bool inside = t < static_cast<std::size_t>(length);
        if (inside) {
          if (t % 32 == 0) word = rng.word();
          out.x[t * B + b] = (word >> t % 32 & 1) != 0 ? 1.0f : 0.0f;
        }
        if (inside && t >= delay_ * bits_) {
          std::int32_t odd = 0;
          for (std::size_t i = 1; i <= bits_; ++i) odd ^= out.x[(t - i * delay_) * B + b] > 0;
          out.label[t * B + b] = odd;
        } else {
          out.weight[t * B + b] = 0;
        }
      }
      out.length[b] = length;
    }
  }

 private:
  /// How long ago the first of the bits stood.
  static int reach(const Options& o) {
    if (o.delay * o.bits >= LengthOptions::most) {
      throw Error(Exit::usage,
                  std::to_string(o.delay * o.bits) + " steps back are more than a sequence has",
                  "task.delay", "give less, or fewer task.bits");
    }
    return static_cast<int>(o.delay * o.bits);
  }

  Facts facts(int longest) const {
    return {.inputs = 1,
            .outputs = 2,
            .length = longest,
            .loss = LossKind::cross_entropy,
            .readout = Readout::every,
            .chance_loss = std::numbers::ln2,
            .solved = 0.99,
            .chance = "ln 2 = 0.6931: either class, also for who misses one of the bits"};
  }

  Lengths lengths_;
  std::size_t delay_, bits_;
};

Protocol engelken2023() {
  return {.name = "engelken2023",
          .source =
              "Engelken: Gradient Flossing: Improving Gradient Descent through Dynamic Control of "
              "Jacobians (NeurIPS 2023), the published code as its page calls it, with delay 10",
          .settings = joined(
              {same_lengths("300", "0"),
               {{"task.delay", "10"},
                {"task.bits", "2"},
                {"task.train_examples", "0"},
                {"train.steps", "301"},
                {"train.batch", "16"}},
               adam("0.001"),
               clipping("0", "0.03"),
               {{"train.reduction", "mean"}, {"model.hidden", "80"}, {"model.layers", "1"}}}),
          .per_model = {{"vanilla",
                         {{"model.activation", "tanh"},
                          {"model.init", "normal"},
                          {"model.input_gain", "1"},
                          {"model.recurrent_init", "normal"},
                          {"model.spectral_radius", "1"}}}},
          .deviates = {
              "without gradient flossing, neither before nor during training: its baseline",
              "the output sees tanh of a unit's sum (published: the sum itself), through two "
              "classes of a softmax (published: one logistic output)",
              "clips the norm of the whole gradient (published: of each array on its own)",
              "biases start at 0, output weights uniform with standard deviation 0.16 (published: "
              "U[0, 0.1]; normal, 1)",
              "the state starts at 0 (published: one start per example of the batch, trained)",
              "the first step that is scored has both bits (published: one step earlier, before "
              "the second of them was shown)",
              "the result is that of 1000 sequences of their own (published: of the training "
              "batches)",
              "models that are not in the paper (lstm, gru) get our initialisation"}};
}

}  // namespace

TaskEntry delayed_xor_entry() {
  return task_entry<DelayedXor>(
      "delayed-xor", "the exclusive or of bits that were shown at different times before",
      "x  1 0 1 1 0 0 1 0     y  . . . . 0 1 1 1     (delay 2, 2 bits)\n"
      "x  0 1 1 1 0 0 1 1     y  . . . . 1 0 1 1",
      {engelken2023()});
}

}  // namespace rnnlab
