#include <algorithm>
#include <vector>

#include "digit_words.hpp"
#include "mnist.hpp"

namespace rnnlab {
namespace {

/// From an image to its digit's word, sequence to sequence: a handwritten digit is read row by row,
/// and its name spelt letter by letter, in English or Chinese (where each is one character).
///
///   x  row 1 | row 2 | … | row 28     y  f i v e ■      (■ the end)
///
/// Who sees no image but the letters so far pays the classes' entropy a word.
class MnistWords final : public Task {
 public:
  struct Options {
    DigitOptions digits;
    std::string language = "en";
    DataOptions data;  // the files say how many there are

    void describe(OptionVisitor& v) {
      digits.describe(v);
      v.visit({.name = "language",
               .help = "of the words: English or Chinese",
               .choices = DigitWords::languages},
              language);
    }
  };

  explicit MnistWords(const Options& o) : digits_(o.digits), words_(o.language) {
    double steps = 0;
    for (std::size_t c = 0; c < words_.word.size(); ++c)
      steps += digits_.shares()[c] * static_cast<double>(words_.word[c].size());
    facts_ = {.inputs = digits_.columns(),
              .outputs = static_cast<int>(words_.symbols.size()),
              .length = digits_.rows(),
              .target_length = static_cast<int>(words_.longest()),
              .loss = LossKind::cross_entropy,
              .readout = Readout::sequence,
              .chance_loss = digits_.entropy() / steps,
              .solved = 0.99,
              .chance =
                  "always the shares of the training part's words, by the symbols of a word, its "
                  "end included"};
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return digits_.examples(split); }
  std::string data_sha256() const override { return digits_.sha256(); }
  std::vector<std::string> symbols() const override { return words_.symbols; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size(), I = static_cast<std::size_t>(facts_.inputs);
    out.reset(facts_, static_cast<int>(B));
    std::fill(out.weight.begin(), out.weight.end(), 0.0f);
    for (std::size_t b = 0; b < B; ++b) {
      const Digits::Image image = digits_.image(key.stream, examples[b]);
      for (std::size_t i = 0; i < image.points.size(); ++i)
        out.x[(i / I * B + b) * I + i % I] = digits_.shown(image.points[i]);
      const std::vector<std::int32_t>& word = words_.of(image.label);
      out.target_steps[b] = static_cast<int>(word.size());
      for (std::size_t t = 0; t < word.size(); ++t) {
        out.label[t * B + b] = word[t];
        out.weight[t * B + b] = 1;
      }
    }
  }

  std::vector<TestMetric> test_metrics() const override {
    return {
        {"exact_match", "1", "share of the test images whose whole word greedy decoding finds"}};
  }
  std::unique_ptr<Scorer> scorer(Stream split) const override {
    return std::make_unique<ExactMatch>(*this, split);
  }

  /// In accuracy over symbols, as the network's, the letters so far known.
  std::vector<Baseline> baselines() const override {
    const std::vector<int> nearest = digits_.nearest_means();
    double right = 0, guessed = 0, all = 0;
    for (std::size_t n = 0; n < nearest.size(); ++n) {
      const std::vector<std::int32_t>& word = words_.of(digits_.image(Stream::test, n).label);
      const std::vector<std::int32_t>& read = words_.of(nearest[n]);
      for (std::size_t t = 0; t < word.size(); ++t) {
        right += t < read.size() && read[t] == word[t];
        guessed +=
            likeliest({word.begin(), word.begin() + static_cast<std::ptrdiff_t>(t)}) == word[t];
      }
      all += static_cast<double>(word.size());
    }
    return {{"likeliest letter after those so far", guessed / all},
            {"word of the nearest class mean", right / all}};
  }

 private:
  class ExactMatch final : public Scorer {
   public:
    ExactMatch(const MnistWords& task, Stream split) : task_(task), split_(split) {}
    void add(const Batch&, std::span<const std::uint64_t>, std::span<const float>) override {}
    void add_decoded(std::uint64_t example, std::span<const std::int32_t> target) override {
      const auto& word = task_.words_.of(task_.digits_.image(split_, example).label);
      right_ += std::equal(word.begin(), word.end() - 1, target.begin(), target.end());
      ++all_;
    }
    std::vector<double> values() const override { return {right_ / all_}; }

   private:
    const MnistWords& task_;
    Stream split_;
    double right_ = 0, all_ = 0;
  };

  /// The symbol that most training words have after this beginning.
  std::int32_t likeliest(const std::vector<std::int32_t>& beginning) const {
    std::vector<double> share(words_.symbols.size(), 0.0);
    for (std::size_t c = 0; c < words_.word.size(); ++c) {
      const auto n = static_cast<std::ptrdiff_t>(beginning.size());
      const std::vector<std::int32_t>& word = words_.word[c];
      if (std::ssize(word) > n && std::equal(beginning.begin(), beginning.end(), word.begin()))
        share[static_cast<std::size_t>(word[beginning.size()])] += digits_.shares()[c];
    }
    return static_cast<std::int32_t>(std::max_element(share.begin(), share.end()) - share.begin());
  }

  Digits digits_;
  DigitWords words_;
  Facts facts_;
};

}  // namespace

TaskEntry mnist_words_entry() {
  return task_entry<MnistWords>(
      "mnist-words", "from a handwritten digit of MNIST, read row by row, to its word",
      "x  row 1 of 28 points | row 2 | ... | row 28     y  f i v e <end>\n"
      "x  row 1 of 28 points | row 2 | ... | row 28     y  零 <end> (language zh)",
      {});
}

}  // namespace rnnlab
