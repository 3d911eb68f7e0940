#include "temporal_order.hpp"

#include <cmath>

#include "lengths.hpp"

namespace rnnlab {
namespace {

/// Temporal order (Hochreiter and Schmidhuber 1997), in the encoding of Pascanu, Mikolov and Bengio
/// (2013): six symbols, one-hot in the order A B c d e f. Of L steps, one of [⌊L/10⌋, 2⌊L/10⌋) and
/// one of [⌊L/2⌋, ⌊L/2⌋ + ⌊L/10⌋) show A or B, all others one of c d e f. After the last step the
/// two are asked for in their order: class 0 is AA, 1 BA, 2 AB, 3 BB.
///
///   L = 20     c f A d e e c f d c d B c e f d c d f e     class 2 (AB)
///              f d d B c d e f f c A e c d d f e c c d     class 1 (BA)
class TemporalOrder final : public Task {
 public:
  struct Options {
    LengthOptions lengths{.length = 50};
    DataOptions data;

    void describe(OptionVisitor& v) {
      lengths.describe(v);
      data.describe(v);
    }
  };

  explicit TemporalOrder(const Options& o) : lengths_(o.lengths, 10) {}

  Facts facts() const override { return facts(lengths_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(lengths_.longest(key.stream)), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const int length = lengths_.draw(key.stream, rng);
      const auto tenth = static_cast<std::uint32_t>(length / 10),
                 half = static_cast<std::uint32_t>(length / 2);
      const std::size_t place[2] = {tenth + rng.below(tenth), half + rng.below(tenth)};
      const std::uint32_t symbol[2] = {rng.below(2), rng.below(2)};
      for (std::size_t t = 0; t < static_cast<std::size_t>(length); ++t) {
        std::uint32_t shown = 2 + rng.below(4);
        for (const int i : {0, 1}) {
          if (t == place[i]) shown = symbol[i];
        }
        out.x[(t * B + b) * 6 + shown] = 1.0f;
      }
      out.label[b] = static_cast<std::int32_t>(symbol[0] + 2 * symbol[1]);
      out.length[b] = length;
    }
  }

 private:
  static Facts facts(int length) {
    return {.inputs = 6,
            .outputs = 4,
            .length = length,
            .loss = LossKind::cross_entropy,
            .readout = Readout::last,
            .chance_loss = std::log(4.0),
            .solved = 0.99,
            .chance = "ln 4 = 1.3863: any of the four orders"};
  }

  Lengths lengths_;
};

Protocol pascanu2013() {
  return {
      .name = "pascanu2013",
      .source =
          "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks "
          "(ICML 2013), section 4.1, stochastic gradient descent with clipping, initialisation "
          "basic_tanh of its published code",
      .settings = {{"task.length", "199"},
                   {"task.min_length", "50"},
                   {"task.test_length", "0"},
                   {"task.test_min_length", "0"},
                   {"task.train_examples", "0"},
                   {"task.valid_examples", "10000"},
                   {"task.test_examples", "10000"},
                   {"train.steps", "5000000"},
                   {"train.batch", "20"},
                   {"train.optimizer", "sgd"},
                   {"train.lr", "0.01"},
                   {"train.momentum", "0"},
                   {"train.clip_value", "0"},
                   {"train.clip_norm", "1"},
                   {"train.target", "0.99"},
                   {"train.eval_every", "1000"},
                   {"model.hidden", "50"},
                   {"model.layers", "1"}},
      // Standard deviation 0.1 of every weight: 0.1 √6 over √(fan in 6), 0.1 √50 over √50.
      .per_model = {{"vanilla",
                     {{"model.activation", "tanh"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.2449489743"},
                      {"model.recurrent_init", "normal"},
                      {"model.spectral_radius", "0.7071067812"}}}},
      .deviates = {
          "without the regulariser Omega (published: weight 4 in the paper, 2 in the code), so "
          "this is the paper's descent with clipping alone",
          "of the three initialisations only basic_tanh, for 50 units; output weights are "
          "uniform of standard deviation 0.19 (published: normal, 0.1)",
          "two biases, both trained (published: one)",
          "every example draws its own length from 50 to 199 (published: one length for all of "
          "a batch)",
          "stops at 1 % errors, the paper's criterion (the code: none), looked at every 1000 "
          "steps on the same 10000 sequences (the code: every 20, on fresh ones)",
          "a gradient whose norm is not finite ends the run (the code shrinks W_hh and goes on)",
          "models that are not in the paper (lstm, gru) get our initialisation"}};
}

}  // namespace

TaskEntry temporal_order_entry() {
  return task_entry<TemporalOrder>(
      "temporal-order", "two marked symbols among many: which came first and which second",
      "c f A d e e c f d c d B c e f d c d f e     class 2 (AB)\n"
      "f d d B c d e f f c A e c d d f e c c d     class 1 (BA)",
      {pascanu2013()});
}

}  // namespace rnnlab
