#include "multiplication.hpp"

#include "hs1997.hpp"
#include "marked.hpp"
#include "pascanu2013.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// The multiplication problem (Hochreiter and Schmidhuber 1997): a sequence of numbers, two of them
/// marked (marked.hpp says where). After the last step their product X1 X2 is asked for.
///
///   T = 6     value   0.7  0.2  0.9  0.4  0.1  0.8        target 0.2 · 0.1 = 0.02
///             marker   0    1    0    0    1    0
///   T = 6     value   0.5  0.6  0.3  0.9  0.2  0.7        target 0.5 · 0.7 = 0.35
///             marker   1    0    0    0    0    1
///
/// The best constant answer is 1/4, with mean squared error 1/9 − 1/16 = 7/144. Who knows one of
/// the two numbers takes 1/2 for the other, and reaches (1/3) (1/12) = 1/36.
class Multiplication final : public Task {
 public:
  struct Options {
    MarkedOptions marked;
    DataOptions data;

    void describe(OptionVisitor& v) {
      marked.describe(v);
      data.describe(v);
    }
  };

  explicit Multiplication(const Options& o) : marked_(o.marked, 1.0f) {}

  Facts facts() const override { return facts(marked_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(marked_.longest(key.stream)), static_cast<int>(examples.size()));
    for (std::size_t b = 0; b < examples.size(); ++b) {
      Rng rng(key, examples[b]);
      const auto [one, other] = marked_.draw(key.stream, rng, b, out);
      out.y[b] = one * other;
    }
  }

  std::vector<Plateau> plateaus() const override {
    const Facts f = facts();
    return {{f.chance, f.chance_loss}, {"the number that was marked first", one_known()}};
  }

 private:
  /// E P² − (E P)² of the product P of two values of mean m and mean square s, one of which is 1
  /// instead with probability q.
  double nothing_known() const {
    const double first = marked_.starts_first(), q = first + (1 - first) * marked_.starts_second(),
                 m = marked_.mean(), s = marked_.mean_square(), mean = (1 - q) * m * m + q * m;
    return (1 - q) * s * s + q * s - mean * mean;
  }

  /// E X1² Var(X2): where X1 is not at the start, X2 is 1 with probability r.
  double one_known() const {
    const double first = marked_.starts_first(), r = marked_.starts_second(), m = marked_.mean(),
                 s = marked_.mean_square(), mean = (1 - r) * m + r;
    return first * (s - m * m) + (1 - first) * s * ((1 - r) * s + r - mean * mean);
  }

  Facts facts(int longest) const {
    const bool plain = marked_.starts_first() == 0 && marked_.mean() > 0;
    return {.inputs = 2,
            .outputs = 1,
            .length = longest,
            .loss = LossKind::mse,
            .readout = Readout::last,
            .chance_loss = nothing_known(),
            .solved = 0.0016,
            .chance = plain ? "7/144 = 0.0486: always answering 1/4"
                            : "the target's variance: always its mean"};
  }

  Marked marked_;
};

Protocol hochreiter() {
  return {
      .name = "hs1997",
      .source = "Hochreiter, Schmidhuber: Long Short-Term Memory (1997), experiment 5",
      .settings = joined({same_lengths("100", "0"),
                          {{"task.stretch", "0.1"},
                           {"task.stretch_end", "closed"},
                           {"task.markers", "hs1997"},
                           {"task.values", "unit"}},
                          split_sizes("0", "2560", "2560"),
                          hs1997::online_descent("0.05", "1300000", "10000", "0.0016"),
                          {{"model.layers", "1"}}}),
      .per_model = {hs1997::memory_blocks(
          {.cells = "4", .block = "2", .init_std = "0.0577350269"})},
      .deviates = {
          "the rate 0.05 is 0.1 of half the squared error, as the paper has it",
          "the output is linear (published: logistic)",
          "initial weights are normal of standard deviation 0.1/sqrt(3) and biases start at 0 "
          "(published: uniform on [-0.1, 0.1], biases too)",
          "if the first pair is the marked one, its marker stays -1 and its value is 1 (published: "
          "X1 is set to 1)",
          "stops at a validation mse of 0.0016, an error of 0.04, or after 1300000 sequences "
          "(published: once 13 of the last 2000 training sequences are off by more than 0.04)",
          "models that are not in the paper (lstm, gru, vanilla) get our initialisation and size"}};
}

Protocol pascanu() {
  return {.name = "pascanu2013",
          .source = pascanu2013::source(
              "section 4.1.2, stochastic gradient descent with clipping and the regulariser, "
              "initialisation basic_tanh of its published code"),
          .settings = joined({same_lengths("199", "50"),
                              {{"task.stretch", "0.1"},
                               {"task.stretch_end", "open"},
                               {"task.markers", "early"},
                               {"task.values", "unit"}},
                              pascanu2013::descent("50")}),
          .per_model = {{"vanilla", joined({{{"train.omega", "4"}}, pascanu2013::basic_tanh()})}},
          .deviates = pascanu2013::deviates(
              {"the regulariser is the paper's, weight 4; that of the published code differs from "
               "it, weight 2",
               "of the three initialisations basic_tanh",
               "the value is input 0 and the marker input 1 (published: the other way round)",
               "every example draws its own length (published: one length for all of a batch)",
               "runs all its steps and reports the mean squared error; published: stops when fewer "
               "than 1 % of 10000 fresh sequences have a squared error above 0.04"})};
}

}  // namespace

TaskEntry multiplication_entry() {
  return task_entry<Multiplication>(
      "multiplication", "two marked numbers among many: their product, asked for at the end",
      "value   0.7  0.2  0.9  0.4  0.1  0.8     target 0.2 x 0.1 = 0.02\n"
      "marker   0    1    0    0    1    0\n"
      "value   0.5  0.6  0.3  0.9  0.2  0.7     target 0.5 x 0.7 = 0.35\n"
      "marker   1    0    0    0    0    1",
      {hochreiter(), pascanu()});
}

}  // namespace rnnlab
