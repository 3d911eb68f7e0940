#include "permutation.hpp"

#include <numbers>

#include "lengths.hpp"
#include "pascanu2013.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// The random permutation problem (Hochreiter and Schmidhuber 1997; Martens and Sutskever 2011), as
/// the code of Pascanu, Mikolov and Bengio (2013) has it: of A symbols, one-hot, the first is 0 or
/// 1 and each of the others one of 2 … A − 1. After the last step the first one is asked for.
///
///   A = 100, L = 8     1 57 3 88 88 12 40 9      class 1
///                      0 2 71 64 15 99 33 70     class 0
class Permutation final : public Task {
 public:
  struct Options {
    LengthOptions lengths{.length = 50};
    std::int64_t alphabet = 100;
    DataOptions data;

    void describe(OptionVisitor& v) {
      lengths.describe(v);
      v.visit({.name = "alphabet",
               .help = "A: different symbols, the two of the first step among them",
               .min = 3,
               .max = 65536},
              alphabet);
      data.describe(v);
    }
  };

  explicit Permutation(const Options& o)
      : lengths_(o.lengths, 2), A_(static_cast<std::uint32_t>(o.alphabet)) {}

  Facts facts() const override { return facts(lengths_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(lengths_.longest(key.stream)), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const int length = lengths_.draw(key.stream, rng);
      out.label[b] = static_cast<std::int32_t>(rng.below(2));
      out.symbol[b] = out.label[b];
      rng.fill_below(A_ - 2, static_cast<std::size_t>(length - 1),
                     [&](std::size_t i, std::uint32_t other) {
                       out.symbol[(i + 1) * B + b] = static_cast<std::int32_t>(2 + other);
                     });
      out.length[b] = length;
    }
  }

 private:
  Facts facts(int longest) const {
    return {.inputs = static_cast<int>(A_),
            .symbols = true,
            .outputs = static_cast<int>(A_),
            .length = longest,
            .loss = LossKind::cross_entropy,
            .readout = Readout::last,
            .chance_loss = std::numbers::ln2,
            .solved = 0.99,
            .chance = "ln 2 = 0.6931: either of the two that can be first"};
  }

  Lengths lengths_;
  std::uint32_t A_;
};

Protocol pascanu() {
  return {.name = "pascanu2013",
          .source = pascanu2013::source("section 4.1, random permutation, and its published code"),
          .settings = joined({same_lengths("199", "50"),
                              {{"task.alphabet", "100"}, {"train.target", "0.99"}},
                              pascanu2013::descent("100")}),
          .per_model = {{"vanilla", joined({{{"train.omega", "2"}}, pascanu2013::smart_tanh()})}},
          .deviates = pascanu2013::deviates(
              {"Omega is the paper's equation 9, with the code's weight 2 (the code: a ratio of "
               "squares, over the share of steps that have a gradient; the paper: weight 4)",
               "of the three initialisations smart_tanh, the code's default",
               "15 connections into each unit (the code: out of each)",
               "every example draws its own length from 50 to 199 (published: one length for all "
               "of a batch; the paper: one for a whole experiment)",
               "stops at 1 % errors, the paper's criterion (the code: none), looked at every 1000 "
               "steps on the same 10000 sequences (the code: every 20, on fresh ones)"})};
}

}  // namespace

TaskEntry permutation_entry() {
  return task_entry<Permutation>(
      "permutation", "random symbols after the first one, which is asked for at the end",
      "1 57 3 88 88 12 40 9      class 1\n"
      "0 2 71 64 15 99 33 70     class 0\n"
      "(100 symbols)",
      {pascanu()});
}

}  // namespace rnnlab
