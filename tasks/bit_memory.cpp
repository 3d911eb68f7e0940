#include "bit_memory.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lengths.hpp"
#include "nats.hpp"
#include "pascanu2013.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// Noiseless memorisation (Hochreiter and Schmidhuber 1997; Martens and Sutskever 2011), in the
/// encoding of Pascanu, Mikolov and Bengio (2013): K symbols of A values are shown, then blanks,
/// then a marker; from the marker's step on, in which the first is asked for, blanks again. At all
/// steps but the last K the right answer is blank. One-hot: the values, blank, marker; the classes
/// are the values, then blank. 5 bits: K = 5, A = 2. 20 bits: K = 10, A = 5.
///
///   5 bits, L = 14   x  1 0 0 1 1 - - - - ! - - - -      y  - - - - - - - - - 1 0 0 1 1
///                    x  0 0 1 0 1 - - - - ! - - - -      y  - - - - - - - - - 0 0 1 0 1
///
/// A sequence of L steps has L − 2K blanks before the marker. Who sees when the symbols are asked
/// for and remembers none loses K ln A; who sees nothing also cannot know when, where lengths
/// differ.
class BitMemory final : public Task {
 public:
  struct Options {
    std::string bits = "5";
    LengthOptions lengths{.length = 20};
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit({.name = "bits",
               .help = "5: five symbols of two values; 20: ten symbols of five, 23 bits in fact",
               .choices = {"5", "20"}},
              bits);
      lengths.describe(v);
      data.describe(v);
    }
  };

  explicit BitMemory(const Options& o)
      : K_(o.bits == "5" ? 5 : 10),
        A_(o.bits == "5" ? 2 : 5),
        lengths_(o.lengths, static_cast<int>(2 * K_)),
        blind_(blind()) {}

  Facts facts() const override { return facts(lengths_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    const auto blank = static_cast<std::int32_t>(A_), marker = blank + 1;
    out.reset(facts(lengths_.longest(key.stream)), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const int length = lengths_.draw(key.stream, rng);
      const auto L = static_cast<std::size_t>(length), asked = L - K_;
      for (std::size_t t = 0; t < L; ++t) {
        out.symbol[t * B + b] = t == asked ? marker : blank;
        out.label[t * B + b] = blank;
      }
      for (std::size_t k = 0; k < K_; ++k) {
        const auto value = static_cast<std::int32_t>(rng.below(A_));
        out.symbol[k * B + b] = value;
        out.label[(asked + k) * B + b] = value;
      }
      for (std::size_t at = L * B + b; at < out.weight.size(); at += B) out.weight[at] = 0;
      out.length[b] = length;
    }
  }

  std::vector<Plateau> plateaus() const override {
    const double memoryless = static_cast<double>(K_) * std::log(A_) / mean_length();
    std::vector<Plateau> all{{facts().chance, facts().chance_loss}};
    if (memoryless < blind_ - 1e-12) {
      all.push_back({"when the symbols are asked for, but none of them", memoryless});
    }
    return all;
  }

 private:
  double mean_length() const {
    return (lengths_.least(Stream::test) + lengths_.longest(Stream::test)) / 2.0;
  }

  /// Nats a step of who sees no input.
  double blind() const {
    const int least = lengths_.least(Stream::test), most = lengths_.longest(Stream::test);
    const double lengths = most - least + 1;
    double sum = 0;
    for (int t = 0; t < most; ++t) {
      // Of the lengths L > t, those with L − K ≤ t have a symbol there.
      const int last_asked = std::min(most, t + static_cast<int>(K_));
      const double asked = std::max(0, last_asked - std::max(least, t + 1) + 1) / lengths;
      const double all = std::min(most - t, most - least + 1) / lengths;
      const double cases[] = {asked, all - asked};
      sum += weighted_nats(cases) + asked * std::log(A_);
    }
    return sum / mean_length();
  }

  Facts facts(int longest) const {
    return {.inputs = static_cast<int>(A_) + 2,
            .symbols = true,
            .outputs = static_cast<int>(A_) + 1,
            .length = longest,
            .loss = LossKind::cross_entropy,
            .readout = Readout::every,
            .chance_loss = blind_,
            .solved = 1 - 0.01 / mean_length(),  // at most 1 % of the sequences can have an error
            .chance =
                "symbols ln(values) / length; more where it differs, and so when they are "
                "asked for"};
  }

  std::size_t K_;
  std::uint32_t A_;
  Lengths lengths_;
  double blind_;
};

Protocol pascanu(std::string name, const std::string& which, const char* bits, const char* least,
                 const char* most) {
  return {
      .name = std::move(name),
      .source = pascanu2013::source(
          "section 4.1, noiseless memorisation, and its published code, " + which),
      .settings = joined({{{"task.bits", bits}, {"train.reduction", "mean"}},
                          same_lengths(most, least),
                          pascanu2013::descent("50")}),
      .per_model = {{"vanilla", joined({{{"train.omega", "2"}}, pascanu2013::smart_tanh()})}},
      .deviates = pascanu2013::deviates(
          {"Omega is the paper's equation 9, with the code's weight 2 (the code: a ratio of "
           "squares, over the share of steps that have a gradient; the paper: weight 4)",
           "15 connections into each unit (the code: out of each)",
           "every example draws its own length (published: one length for all of a batch; the "
           "paper: one of 50, 100, 150, 200 for a whole experiment)",
           "runs all its steps and reports the share of right steps (published: stops when less "
           "than 1 % of 10000 fresh sequences have an error; the code: none)",
           "looked at every 1000 steps (the code: every 20)"})};
}

}  // namespace

TaskEntry bit_memory_entry() {
  return task_entry<BitMemory>(
      "bit-memory", "noiseless memorisation: bits shown at the beginning, asked for at the end",
      "x  1 0 0 1 1 - - - - ! - - - -     y  - - - - - - - - - 1 0 0 1 1\n"
      "x  0 0 1 0 1 - - - - ! - - - -     y  - - - - - - - - - 0 0 1 0 1\n"
      "(5 bits: - is blank, ! the marker)",
      {pascanu("pascanu2013-5bit",
               "two values and five symbols; task.length is T + 10, T = 50 to 199", "5", "60",
               "209"),
       pascanu("pascanu2013-20bit", "whose default run it is; task.length is T + 20, T = 50 to 199",
               "20", "70", "219")});
}

}  // namespace rnnlab
