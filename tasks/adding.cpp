#include "adding.hpp"

namespace rnnlab {
namespace {

/// The adding problem (Hochreiter and Schmidhuber 1997), in the encoding of Arjovsky, Shah and
/// Bengio (2016): at every step a value x_t ~ U[0, 1) and a marker, 1 at one step of the first half
/// and at one of the second, 0 elsewhere. After the last step the sum of the two marked values is
/// asked for.
///
///   T = 6     value   0.7  0.2  0.9  0.4  0.1  0.8        target 0.2 + 0.1 = 0.3
///             marker   0    1    0    0    1    0
///   T = 6     value   0.5  0.6  0.3  0.9  0.2  0.7        target 0.5 + 0.7 = 1.2
///             marker   1    0    0    0    0    1
///
/// The best constant answer is 1, with mean squared error Var(U + U) = 1/6. Who knows one of the
/// two numbers reaches 1/12.
class Adding final : public Task {
 public:
  struct Options {
    std::int64_t length = 100;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit(
          {.name = "length", .help = "steps of a sequence", .unit = "steps", .min = 2, .max = 1e6},
          length);
      data.describe(v);
    }
  };

  explicit Adding(const Options& options) : length_(static_cast<int>(options.length)) {}

  Facts facts() const override {
    return {.inputs = 2,
            .outputs = 1,
            .length = length_,
            .loss = LossKind::mse,
            .readout = Readout::last,
            .chance_loss = 1.0 / 6.0,
            .solved = 0.01,
            .chance = "1/6 = 0.1667: always answering 1"};
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    const auto half = static_cast<std::uint32_t>(length_ / 2);
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const std::size_t marked[2] = {rng.below(half),
                                     half + rng.below(static_cast<std::uint32_t>(length_) - half)};
      for (std::size_t t = 0; t < static_cast<std::size_t>(length_); ++t) {
        out.x[(t * B + b) * 2] = rng.uniform();
      }
      for (const std::size_t t : marked) {
        out.x[(t * B + b) * 2 + 1] = 1.0f;
        out.y[b] += out.x[(t * B + b) * 2];
      }
    }
  }

 private:
  int length_;
};

Protocol arjovsky2016() {
  return {.name = "arjovsky2016",
          .source =
              "Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks (ICML 2016), "
              "section 5.2 and its published code",
          .settings = {{"task.train_examples", "100000"},
                       {"task.valid_examples", "10000"},
                       {"task.test_examples", "10000"},
                       {"train.batch", "20"},
                       {"train.optimizer", "rmsprop"},
                       {"train.lr", "0.001"},
                       {"train.decay", "0.9"},
                       {"train.epsilon_at", "none"},
                       {"train.accumulator", "0.001"},
                       {"train.clip_value", "1"},
                       {"train.eval_every", "50"},
                       {"model.hidden", "128"},
                       {"model.init", "glorot"},
                       {"model.recurrent_init", "glorot"}},
          .per_model = {{"lstm", {{"model.forget_bias", "1"}}}},
          .deviates = {
              "the result is that of the last parameters on a test set of its own; the published "
              "code reports the best test value of the run",
              "lstm: h_0 and c_0 are zero (published: learned), and the output gate does not see "
              "the cell through a full matrix",
              "each epoch is a fresh permutation of the training set; the published code "
              "reshuffles at every step or never"}};
}

}  // namespace

TaskEntry adding_entry() {
  return task_entry<Adding>("adding",
                            "two marked numbers among many: their sum, asked for at the end",
                            "value   0.7  0.2  0.9  0.4  0.1  0.8     target 0.2 + 0.1 = 0.3\n"
                            "marker   0    1    0    0    1    0\n"
                            "value   0.5  0.6  0.3  0.9  0.2  0.7     target 0.5 + 0.7 = 1.2\n"
                            "marker   1    0    0    0    0    1",
                            {arjovsky2016()});
}

}  // namespace rnnlab
