#include "copy.hpp"

#include <cmath>

namespace rnnlab {
namespace {

/// Copy memory (Hochreiter and Schmidhuber 1997; as Arjovsky, Shah and Bengio 2016 set it): K
/// symbols are shown, D − 1 blanks, a marker; from the step after the marker on they are asked for
/// in their order. D + 2K steps; at all but the last K the right answer is blank. Symbols are
/// 1 … A, uniform; 0 is the blank, A + 1 the marker.
///
///   K = 3, A = 8, D = 4     x  5 2 8 0 0 0 9 0 0 0      y  0 0 0 0 0 0 0 5 2 8
///                           x  1 1 7 0 0 0 9 0 0 0      y  0 0 0 0 0 0 0 1 1 7
///   marker = held           x  5 2 8 0 0 0 9 9 9 9      y  0 0 0 0 0 0 0 5 2 8
///
/// Who remembers nothing answers blank for certain, then any symbol: K ln A / (D + 2K) nats a step.
class Copy final : public Task {
 public:
  struct Options {
    std::int64_t delay = 10;
    std::int64_t symbols = 5;
    std::int64_t alphabet = 8;
    std::string input = "one-hot";
    std::string marker = "once";
    bool marker_class = false;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit({.name = "delay",
               .help = "D: steps between the last symbol shown and the first one asked for",
               .unit = "steps",
               .min = 1,
               .max = 1e6},
              delay);
      v.visit({.name = "symbols",
               .help = "K: how many are to be remembered",
               .unit = "steps",
               .min = 1,
               .max = 1e5},
              symbols);
      v.visit({.name = "alphabet", .help = "A: different symbols", .min = 2, .max = 65536},
              alphabet);
      v.visit({.name = "input",
               .help = "one-hot: an input for each of blank, symbols and marker; scalar: their "
                       "number, 0 … A + 1, as one input",
               .choices = {"one-hot", "scalar"}},
              input);
      v.visit({.name = "marker",
               .help = "once: one step, then blanks; held: at every step from there to the end",
               .choices = {"once", "held"}},
              marker);
      v.visit({.name = "marker_class",
               .help = "whether the prediction has a class for the marker, never the right one"},
              marker_class);
      data.describe(v);
    }
  };

  explicit Copy(const Options& o)
      : K_(static_cast<std::size_t>(o.symbols)),
        D_(static_cast<std::size_t>(o.delay)),
        A_(static_cast<std::uint32_t>(o.alphabet)),
        scalar_(o.input == "scalar"),
        held_(o.marker == "held"),
        marker_class_(o.marker_class) {}

  Facts facts() const override {
    const double steps = static_cast<double>(length()), asked = static_cast<double>(K_);
    return {.inputs = scalar_ ? 1 : static_cast<int>(A_) + 2,
            .outputs = static_cast<int>(A_) + 1 + marker_class_,
            .length = static_cast<int>(length()),
            .loss = LossKind::cross_entropy,
            .readout = Readout::every,
            .chance_loss = asked * std::log(static_cast<double>(A_)) / steps,
            .solved = 1 - 0.01 * asked / steps,
            .chance = "symbols ln(alphabet) / (delay + 2 symbols): blank, then any symbol"};
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    const std::uint32_t marker = A_ + 1;
    out.reset(facts(), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const std::size_t marked = K_ + D_ - 1;
      for (std::size_t t = 0; t < length(); ++t) {
        std::uint32_t shown = 0;
        if (t < K_) {
          shown = 1 + rng.below(A_);
          out.label[(t + K_ + D_) * B + b] = static_cast<std::int32_t>(shown);
        } else if (t == marked || (held_ && t > marked)) {
          shown = marker;
        }
        show(shown, t * B + b, out);
      }
    }
  }

 private:
  std::size_t length() const { return D_ + 2 * K_; }

  void show(std::uint32_t value, std::size_t column, Batch& out) const {
    if (scalar_) {
      out.x[column] = static_cast<float>(value);
    } else {
      out.x[column * (A_ + 2) + value] = 1.0f;
    }
  }

  std::size_t K_, D_;
  std::uint32_t A_;
  bool scalar_, held_, marker_class_;
};

Protocol arjovsky2016() {
  return {.name = "arjovsky2016",
          .source =
              "Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks (ICML 2016), "
              "section 5.1 and its published code; task.delay is its T: 100, 200, 300, 500",
          .settings = {{"task.delay", "100"},
                       {"task.symbols", "10"},
                       {"task.alphabet", "8"},
                       {"task.input", "one-hot"},
                       {"task.marker", "once"},
                       {"task.marker_class", "false"},
                       {"task.train_examples", "100000"},
                       {"task.valid_examples", "10000"},
                       {"task.test_examples", "10000"},
                       {"train.steps", "50000"},
                       {"train.batch", "20"},
                       {"train.optimizer", "rmsprop"},
                       {"train.lr", "0.001"},
                       {"train.momentum", "0"},
                       {"train.decay", "0.9"},
                       {"train.epsilon_at", "none"},
                       {"train.accumulator", "0.001"},
                       {"train.clip_value", "1"},
                       {"train.clip_norm", "0"},
                       {"train.reduction", "mean"},
                       {"train.eval_every", "50"},
                       {"model.init", "glorot"},
                       {"model.recurrent_init", "glorot"},
                       {"model.init_fan", "gate"}},
          .per_model = {{"vanilla", {{"model.hidden", "80"}}},
                        {"lstm", {{"model.hidden", "40"}, {"model.forget_bias", "1"}}}},
          .deviates = {
              "the result is that of the last parameters on a test set of its own; the published "
              "code reports the best test value of the run",
              "h_0 and c_0 are zero (published: learned); lstm: the output gate does not see the "
              "cell through a full matrix",
              "two biases per gate, both trained (published: one)",
              "each epoch is a fresh permutation of the training set; the published code "
              "reshuffles at every step or never",
              "models that are not in the paper (gru) get this optimizer and our default size"}};
}

Protocol bai2018() {
  return {.name = "bai2018",
          .source =
              "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and Recurrent "
              "Networks for Sequence Modeling (2018), section 4 and its published code; task.delay "
              "is its T: 500, 1000, 2000",
          .settings = {{"task.delay", "1000"},
                       {"task.symbols", "10"},
                       {"task.alphabet", "8"},
                       {"task.input", "scalar"},
                       {"task.marker", "held"},
                       {"task.marker_class", "true"},
                       {"task.train_examples", "10000"},
                       {"task.valid_examples", "1000"},
                       {"task.test_examples", "1000"},
                       {"train.steps", "15625"},
                       {"train.batch", "32"},
                       {"train.optimizer", "rmsprop"},
                       {"train.lr", "0.0005"},
                       {"train.momentum", "0"},
                       {"train.decay", "0.99"},
                       {"train.epsilon", "1e-08"},
                       {"train.epsilon_at", "outside"},
                       {"train.accumulator", "0"},
                       {"train.clip_value", "0"},
                       {"train.clip_norm", "0"},
                       {"train.reduction", "mean"},
                       {"train.eval_every", "313"},
                       {"model.layers", "1"},
                       {"model.init", "uniform"},
                       {"model.recurrent_init", "uniform"}},
          .per_model = {{"lstm", {{"model.hidden", "50"}, {"model.forget_bias", "0"}}},
                        {"gru", {{"model.hidden", "70"}}},
                        {"vanilla", {{"model.hidden", "120"}}}},
          .deviates = {
              "the published code has no recurrent baselines: optimizer and rate are those of its "
              "convolutional network; gru and vanilla have the width that gives the stated 16 "
              "thousand parameters",
              "no clipping: the published code clips by norm 1 before the backward pass, which "
              "does nothing",
              "the result is that of the last parameters; the paper's may be a mean over the last "
              "epochs",
              "biases start at 0 (published: uniform, as the weights)",
              "each epoch is a fresh permutation of the training set, batches go across its end "
              "(published: always in the same order, the last batch of an epoch half as large)"}};
}

}  // namespace

TaskEntry copy_entry() {
  return task_entry<Copy>("copy",
                          "symbols shown at the beginning: the same again, asked for at the end",
                          "x  5 2 8 0 0 0 9 0 0 0     y  0 0 0 0 0 0 0 5 2 8\n"
                          "x  1 1 7 0 0 0 9 0 0 0     y  0 0 0 0 0 0 0 1 1 7\n"
                          "(3 symbols of 8, delay 4: 0 blank, 9 the marker)",
                          {arjovsky2016(), bai2018()});
}

}  // namespace rnnlab
