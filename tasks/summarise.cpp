#include "summarise.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "data/rouge.hpp"
#include "keyed_words.hpp"
#include "text_task.hpp"

namespace rnnlab {
namespace {

/// Summaries: a document is read, its summary asked for, symbol by symbol up to its end.
///
///   x  w3 w0 * w5 w7 * w1 w2     y  w5 w1 <end>
///   x  * w4 w4 w9 * w6 w6        y  w4 w6 <end>
///
/// The documents are made (keyed_words.hpp), or the user's: rows of document and summary. What
/// greedy decoding finds is compared by ROUGE (data/rouge.hpp), the mean over the test.
class Summarise final : public TextTask {
 public:
  struct Options {
    KeyedWords::Options keyed_words;
    TextFileOptions files;
    DataOptions data;

    void describe(OptionVisitor& v) {
      keyed_words.describe(v);
      files.describe(v, "document, summary");
      data.describe(v);
    }
  };

  explicit Summarise(const Options& o) : TextTask(set_of(o), o.data, o.files.seed) {}

  std::vector<TestMetric> test_metrics() const override {
    return {
        {"rouge_1", "1", "mean F-measure of shared words with the reference, greedy decoding"},
        {"rouge_2", "1", "mean F-measure of shared pairs of neighbouring words, greedy decoding"},
        {"rouge_l", "1", "mean F-measure of the longest common subsequence, greedy decoding"}};
  }
  std::unique_ptr<Scorer> scorer(Stream) const override { return std::make_unique<Scores>(set()); }

  /// Lead-n is the document's beginning: as many symbols as a training summary has in the mean.
  std::vector<Baseline> baselines() const override {
    double symbols = 0, summaries = 0;
    for_each(Stream::train, [&](const TextExample& e) {
      symbols += static_cast<double>(e.target.size());
      ++summaries;
    });
    const auto n = static_cast<std::size_t>(std::max(1LL, std::llround(symbols / summaries)));
    Rouge lead;
    for_each(Stream::test, [&](const TextExample& e) {
      lead.add(set().text(std::span(e.source).first(std::min(n, e.source.size())), false),
               set().text(e.target, true));
    });
    const std::string of = " of lead-" + std::to_string(n);
    const RougeScores mean = lead.mean();
    return {{"rouge_1" + of, mean.one}, {"rouge_2" + of, mean.two}, {"rouge_l" + of, mean.longest}};
  }

 private:
  class Scores final : public Scorer {
   public:
    explicit Scores(const TextSet& set) : set_(set) {}

    void add(const Batch& drawn, std::span<const std::uint64_t> examples,
             std::span<const float>) override {
      const auto B = static_cast<std::size_t>(drawn.B);
      for (std::size_t b = 0; b < B; ++b) {
        std::vector<std::int32_t>& summary = references_[examples[b]];
        summary.clear();
        for (std::size_t t = 0; t + 1 < static_cast<std::size_t>(drawn.target_steps[b]); ++t)
          summary.push_back(drawn.label[t * B + b]);
      }
    }
    void add_decoded(std::uint64_t example, std::span<const std::int32_t> summary) override {
      rouge_.add(set_.text(summary, true), set_.text(references_.at(example), true));
    }
    std::vector<double> values() const override {
      const RougeScores mean = rouge_.mean();
      return {mean.one, mean.two, mean.longest};
    }

   private:
    const TextSet& set_;
    std::map<std::uint64_t, std::vector<std::int32_t>> references_;
    Rouge rouge_;
  };

  static std::unique_ptr<TextSet> set_of(const Options& o) {
    if (o.files.path.empty()) return std::make_unique<KeyedWords>(o.keyed_words);
    return read_text_set(o.files, {"document", "summary"});
  }
};

}  // namespace

TaskEntry summarise_entry() {
  return task_entry<Summarise>("summarise",
                               "a document and its summary: made of the keyed words, or your own",
                               "x  w3 w0 * w5 w7 * w1 w2     y  w5 w1 <end>\n"
                               "x  * w4 w4 w9 * w6 w6        y  w4 w6 <end>",
                               {});
}

}  // namespace rnnlab
