#include "translation.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "data/bleu.hpp"
#include "data/corpus.hpp"
#include "data/token_task.hpp"
#include "data/translation_corpus.hpp"
#include "text_task.hpp"

namespace rnnlab {
namespace {

/// Machine translation: a sentence is read, its translation asked for, symbol by symbol up to its
/// end; lib/data/translation_corpus.hpp says which sentences, in what symbols.
///
///   x  He is fast .     y  Il est rapide . <end>
///
/// Loss and perplexity: per symbol of the targets, ends counted. What greedy decoding finds is put
/// together to text again and told as BLEU against all references, and as the share that is just
/// one of them.
class Translation final : public TokenTask {
 public:
  using Options = TranslationOptions;

  explicit Translation(const Options& o)
      : options_(with_path(o)),
        target_(o.target_tokeniser()),
        corpus_(options_),
        sha256_(digest(options_.path)) {
    for (std::int64_t i = 0; i < corpus_.examples(Stream::train); ++i) {
      const auto pair = corpus_.example(Stream::train, static_cast<std::uint64_t>(i));
      lengths_.push_back(batched_by(pair.source.size(), pair.target.size()));
    }
    count_targets();
  }

  Facts facts() const override {
    return {.inputs = corpus_.sources().size(),
            .symbols = true,
            .outputs = corpus_.targets().size(),
            .length = corpus_.longest_source(),
            .target_length = corpus_.longest_target() + 1,
            .loss = LossKind::cross_entropy,
            .metric = Metric::perplexity,
            .readout = Readout::sequence,
            .chance_loss = entropy_,
            .chance = "-sum q ln q, q the shares of the symbols in the training targets"};
  }

  std::int64_t examples(Stream split) const override { return corpus_.examples(split); }
  std::span<const std::int32_t> example_lengths() const override { return lengths_; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    std::fill(out.weight.begin(), out.weight.end(), 0.0f);
    for (std::size_t b = 0; b < B; ++b) {
      const auto pair = corpus_.example(key.stream, examples[b]);
      const std::size_t steps = pair.target.size() + 1;
      out.length[b] = static_cast<int>(pair.source.size());
      out.target_steps[b] = static_cast<int>(steps);
      for (std::size_t t = 0; t < pair.source.size(); ++t) out.symbol[t * B + b] = pair.source[t];
      for (std::size_t t = 0; t < steps; ++t) {
        out.label[t * B + b] = t + 1 < steps ? pair.target[t] : end_symbol;
        out.weight[t * B + b] = 1;
      }
    }
  }

  void read_by(const std::vector<std::string>& source_symbols,
               const std::vector<std::string>& symbols) override {
    const TranslationCorpus::Symbols known{source_symbols, symbols};
    // Pairs are kept by number alone, not as texts: the files are read once more.
    corpus_ = TranslationCorpus(options_, &known);
    count_targets();
  }

  std::vector<TestMetric> test_metrics() const override {
    return {{"bleu", "1", "corpus BLEU-4 of greedy decoding, 0 to 100"},
            {"exact_match", "1", "share of sources whose decoded text is one of the references"}};
  }
  std::unique_ptr<Scorer> scorer(Stream split) const override {
    return std::make_unique<Decoded>(*this, split);
  }

  std::vector<std::string> symbols() const override { return corpus_.targets().symbols(); }
  std::vector<std::string> source_symbols() const override { return corpus_.sources().symbols(); }
  std::string data_sha256() const override { return sha256_; }
  std::vector<std::pair<std::string, std::string>> notes() const override {
    return {{"source_text", options_.source_tokeniser().name()},
            {"target_text", target_.name()},
            {"pairs_left_out", std::to_string(corpus_.left_out())}};
  }

  std::vector<Baseline> baselines() const override {
    Bleu copied(bleu_tokens(target_.language())), frequent = copied;
    for (std::int64_t i = 0; i < corpus_.examples(Stream::test); ++i) {
      const auto index = static_cast<std::uint64_t>(i);
      const auto& references = corpus_.references(Stream::test, index);
      copied.add(corpus_.sentence(Stream::test, index), references);
      frequent.add(text_of(most_frequent_), references);
    }
    return {{"unigrams", std::exp(unigram_loss())},
            {"bleu of the source itself", copied.score()},
            {"bleu of the most frequent target", frequent.score()}};
  }

 private:
  /// What is told of decoded targets.
  class Decoded final : public Scorer {
   public:
    Decoded(const Translation& task, Stream split)
        : task_(task), split_(split), bleu_(bleu_tokens(task.target_.language())) {}

    void add(const Batch&, std::span<const std::uint64_t>, std::span<const float>) override {}
    void add_decoded(std::uint64_t example, std::span<const std::int32_t> target) override {
      const std::string text = task_.text_of(target);
      const auto& references = task_.corpus_.references(split_, example);
      bleu_.add(text, references);
      ++sources_;
      exact_ += matches(task_.target_, text, references);
    }
    std::vector<double> values() const override { return {bleu_.score(), exact_ / sources_}; }

   private:
    const Translation& task_;
    Stream split_;
    Bleu bleu_;
    double sources_ = 0, exact_ = 0;
  };

  static Options with_path(Options o) {
    o.path =
        corpus_path(o.path, o.corpus.empty() ? corpora_of(Options::task) : std::vector{o.corpus});
    return o;
  }
  static std::string digest(const std::string& path) {
    const Corpus corpus(path);
    std::string all;
    for (const std::string& file : corpus.files())
      all += sha256(corpus.bytes(file)) + " " + file + "\n";
    return sha256(all);
  }

  std::string text_of(std::span<const std::int32_t> symbols) const {
    std::vector<std::string> tokens;
    for (const std::int32_t s : symbols)
      tokens.push_back(corpus_.targets().symbols()[static_cast<std::size_t>(s)]);
    return target_.text(tokens);
  }

  void count_targets() {
    count_.assign(static_cast<std::size_t>(corpus_.targets().size()), 0);
    symbols_ = entropy_ = 0;
    std::map<std::vector<std::int32_t>, std::int64_t> targets;
    for (std::int64_t i = 0; i < corpus_.examples(Stream::train); ++i) {
      const auto target = corpus_.example(Stream::train, static_cast<std::uint64_t>(i)).target;
      for (const std::int32_t symbol : target) ++count_[static_cast<std::size_t>(symbol)];
      ++count_[end_symbol];
      ++targets[{target.begin(), target.end()}];
    }
    most_frequent_ =
        std::max_element(targets.begin(), targets.end(), [](const auto& a, const auto& b) {
          return a.second < b.second;
        })->first;
    for (const double count : count_) symbols_ += count;
    for (const double count : count_)
      if (count > 0) entropy_ -= count / symbols_ * std::log(count / symbols_);
  }

  /// Of the test targets, by the training part's shares, one added to each count.
  double unigram_loss() const {
    const double all = symbols_ + static_cast<double>(count_.size());
    double loss = 0, steps = 0;
    const auto add = [&](std::int32_t symbol) {
      loss -= std::log((count_[static_cast<std::size_t>(symbol)] + 1) / all);
      ++steps;
    };
    for (std::int64_t i = 0; i < corpus_.examples(Stream::test); ++i) {
      for (const std::int32_t symbol :
           corpus_.example(Stream::test, static_cast<std::uint64_t>(i)).target)
        add(symbol);
      add(end_symbol);
    }
    return loss / steps;
  }

  Options options_;
  Tokeniser target_;
  TranslationCorpus corpus_;
  std::string sha256_;
  std::vector<std::int32_t> lengths_;
  std::vector<double> count_;  // of each symbol in the training targets
  double symbols_ = 0, entropy_ = 0;
  std::vector<std::int32_t> most_frequent_;
};

}  // namespace

TaskEntry translation_entry() {
  return task_entry<Translation>(TranslationOptions::task,
                                 "a sentence and its translation, from any parallel corpus",
                                 "x  He is fast .     y  Il est rapide . <end>\n"
                                 "x  Go !             y  Va ! <end>",
                                 {});
}

}  // namespace rnnlab
