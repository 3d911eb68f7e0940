#include "sentiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "corpora/cache.hpp"
#include "data/confusion.hpp"
#include "data/labelled_texts.hpp"
#include "data/naive_bayes.hpp"
#include "data/text_tokens.hpp"
#include "data/token_task.hpp"
#include "data/token_vocabulary.hpp"
#include "data/word_vectors.hpp"

namespace rnnlab {
namespace {

/// What a review says of its subject: a text is read token by token, and its class is asked for
/// behind the last one.
///
///   T = 4     x  a funny little film     y  positive
///   T = 6     x  送 餐 太 慢 了 。        y  negative
///
/// Symbols are the tokens that the training part has at least `min_count` times, by frequency; all
/// others are U+FFFD. A text longer than `length` loses its end, one without tokens is one U+FFFD.
///
/// Where the corpus has no split, the texts of each class, in an order drawn from `seed`, are dealt
/// out to `folds` folds in turn: `fold` is the test, the next one validation, the rest training.
/// Where it has a test part alone, training loses fold `fold` to validation.
class Sentiment final : public TokenTask {
 public:
  struct Options {
    std::string path, corpus = "auto", vectors, tokens = "auto";
    std::int64_t seed = 0, folds = 10, fold = 0, min_count = 2, vocabulary = 0, length = 200;
    bool lower_case = true;
    DataOptions data;  // the corpus says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a corpus' folder, file or archive: rt-polarity, SST-2 (stsa.binary.*), "
                       "GLUE's TSV, or CSV with the header label,review",
               .file = true},
              path);
      v.visit({.name = "corpus",
               .help = "which one, where there are several",
               .choices = labelled_text_corpora()},
              corpus);
      v.visit({.name = "vectors",
               .help = "pretrained vectors of the tokens in GloVe's text format (plain, .gz or "
                       ".zip), which the embedding begins with; model.embedding is their width",
               .file = true,
               .optional = true},
              vectors);
      v.visit({.name = "tokens",
               .help = "what a text is read by: words between blanks, characters; auto: characters "
                       "where most of them are Chinese or Japanese",
               .choices = {"auto", "words", "characters"}},
              tokens);
      v.visit({.name = "lower_case", .help = "whether texts are read in lower case"}, lower_case);
      v.visit({.name = "min_count",
               .help = "tokens that the training part has less often are read as U+FFFD",
               .unit = "times",
               .min = 1,
               .max = 1e9},
              min_count);
      v.visit({.name = "vocabulary",
               .help = "the most symbols there are, U+FFFD among them; 0: no limit",
               .unit = "symbols",
               .min = 0,
               .max = 1e9},
              vocabulary);
      v.visit({.name = "length",
               .help = "of a longer text the beginning is read",
               .unit = "tokens",
               .min = 1,
               .max = 1e6},
              length);
      v.visit({.name = "folds",
               .help = "into how many parts texts without a split are dealt out: one for the test, "
                       "one for validation, the rest for training",
               .min = 3,
               .max = 1e6},
              folds);
      v.visit({.name = "fold",
               .help = "which of them is for the test, below task.folds",
               .min = 0,
               .max = 1e6},
              fold);
      v.visit({.name = "seed",
               .help = "which texts are in which fold",
               .min = 0,
               .max = 9007199254740991.0},
              seed);
    }
  };

  explicit Sentiment(const Options& o) : path_(checked_path(o)), vectors_path_(o.vectors) {
    LabelledTexts texts = read_labelled_texts(Corpus(path_), o.corpus);
    classes_ = texts.classes;
    sha256_ = texts.sha256;
    cut_ = {.characters = by_character(o, texts), .lower_case = o.lower_case};
    read(std::move(texts));
    split(o);
    make_symbols(o);
    take_facts(static_cast<int>(o.length));
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return std::ssize(of(split)); }
  std::span<const std::int32_t> example_lengths() const override { return lengths_; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts_, static_cast<int>(B));
    const auto& part = of(key.stream);
    for (std::size_t b = 0; b < B; ++b) {
      const std::uint32_t n = part[examples[b] % part.size()];
      const auto tokens = tokens_of(n);
      out.label[b] = label_[n];
      out.length[b] = steps_of(n);
      out.symbol[b] = vocabulary_->unknown();  // all there is to an empty text
      for (std::size_t t = 0; t < tokens.size() && t < static_cast<std::size_t>(out.length[b]); ++t)
        out.symbol[t * B + b] = vocabulary_->symbol(tokens[t]);
    }
  }

  void read_by(const std::vector<std::string>& source_symbols,
               const std::vector<std::string>&) override {
    vocabulary_.emplace(numbers_, source_symbols);
    facts_.inputs = vocabulary_->size();
  }

  std::vector<std::string> symbols() const override { return classes_; }
  std::vector<std::string> source_symbols() const override { return vocabulary_->symbols(); }
  SymbolVectors symbol_vectors() const override {
    if (!vectors_path_.empty() && vectors_.width == 0)
      vectors_ = read_word_vectors(vectors_path_, vocabulary_->symbols());
    return vectors_;
  }
  std::vector<std::pair<std::string, std::string>> notes() const override {
    std::vector<std::pair<std::string, std::string>> notes{
        {"tokens", cut_.characters ? "characters" : "words"},
        {"lower_case", cut_.lower_case ? "true" : "false"},
        {"text_length", std::to_string(facts_.length)}};
    if (const SymbolVectors vectors = symbol_vectors(); vectors.width > 0) {
      notes.emplace_back("pretrained_symbols", std::to_string(vectors.symbol.size()) + " of " +
                                                   std::to_string(facts_.inputs));
    }
    return notes;
  }
  std::string data_sha256() const override { return sha256_; }
  std::vector<TestMetric> test_metrics() const override { return class_metrics(facts_.outputs); }
  std::unique_ptr<Scorer> scorer(Stream) const override { return class_scorer(facts_.outputs); }

  std::vector<Baseline> baselines() const override {
    const std::string unit = cut_.characters ? "characters" : "words";
    return {{"most frequent class", majority()},
            {"naive Bayes of " + unit, bayes(false)},
            {"naive Bayes of " + unit + " and pairs", bayes(true)}};
  }

 private:
  using Part = std::vector<std::uint32_t>;  // texts

  static std::string checked_path(const Options& o) {
    if (o.fold >= o.folds) {
      throw Error(Exit::usage, "there is no fold " + std::to_string(o.fold), "task.fold",
                  "give 0 .. " + std::to_string(o.folds - 1));
    }
    return corpus_path(o.path,
                       o.corpus == "auto" ? corpora_of("sentiment") : std::vector{o.corpus});
  }

  static bool by_character(const Options& o, const LabelledTexts& texts) {
    if (o.tokens != "auto") return o.tokens == "characters";
    CjkCount count;
    for (const LabelledText& text : texts.part[0]) count.add(text.text);
    return count.most();
  }

  static std::size_t index(Stream split) {
    return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
  }
  const Part& of(Stream split) const { return parts_[index(split)]; }
  std::span<const std::int32_t> tokens_of(std::uint32_t text) const {
    return std::span(token_).subspan(begin_[text], begin_[text + 1] - begin_[text]);
  }
  int steps_of(std::uint32_t text) const {
    const auto tokens = std::ssize(tokens_of(text));
    return static_cast<int>(std::clamp<std::ptrdiff_t>(tokens, 1, facts_.length));
  }

  void read(LabelledTexts texts) {
    has_valid_ = texts.has_valid;
    has_test_ = texts.has_test;
    for (std::size_t part = 0; part < 3; ++part) {
      for (LabelledText& text : texts.part[part]) {
        parts_[part].push_back(static_cast<std::uint32_t>(label_.size()));
        begin_.push_back(token_.size());
        label_.push_back(text.label);
        numbers_.append(cut_(text.text), token_);
        text.text = {};
      }
    }
    begin_.push_back(token_.size());
  }

  /// Deals out what the corpus does not split itself.
  void split(const Options& o) {
    if (has_valid_ && has_test_) return;
    const Part all = std::move(parts_[0]);
    parts_[0] = {};
    const auto folds = static_cast<std::size_t>(o.folds), fold = static_cast<std::size_t>(o.fold);
    const std::size_t test = has_test_ ? folds : fold;
    const std::size_t valid = has_test_ ? fold : (fold + 1) % folds;
    const Key key{static_cast<std::uint64_t>(o.seed), Stream::train};
    std::size_t dealt = 0;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      Part of_class;
      std::copy_if(all.begin(), all.end(), std::back_inserter(of_class),
                   [&](std::uint32_t n) { return label_[n] == static_cast<std::int32_t>(c); });
      for (std::uint64_t i = 0; i < of_class.size(); ++i, ++dealt) {
        const std::size_t to = dealt % folds;
        parts_[to == test    ? 2
               : to == valid ? 1
                             : 0]
            .push_back(of_class[permuted(key, c, of_class.size(), i)]);
      }
    }
    for (std::size_t part = 0; part < 3; ++part) {
      if (!parts_[part].empty()) continue;
      throw Error(Exit::data,
                  std::to_string(all.size()) + " texts leave none for " +
                      std::array{"training", "validation", "the test"}[part],
                  path_, "give more texts, or fewer task.folds");
    }
  }

  void make_symbols(const Options& o) {
    std::vector<std::int64_t> counts(numbers_.size());
    for (const std::uint32_t n : parts_[0])
      for (const std::int32_t token : tokens_of(n)) ++counts[static_cast<std::size_t>(token)];
    vocabulary_.emplace(numbers_, counts, std::vector<std::string>(), o.min_count, o.vocabulary);
  }

  void take_facts(int most) {
    std::vector<double> shares(classes_.size());
    for (const std::uint32_t n : parts_[0])
      shares[static_cast<std::size_t>(label_[n])] += 1 / static_cast<double>(parts_[0].size());
    facts_ = {.inputs = vocabulary_->size(),
              .symbols = true,
              .outputs = static_cast<int>(classes_.size()),
              .length = most,
              .loss = LossKind::cross_entropy,
              .readout = Readout::last,
              .solved = 1,
              .chance = "always the shares of the training part's classes"};
    int longest = 1;
    for (std::uint32_t n = 0; n < label_.size(); ++n) longest = std::max(longest, steps_of(n));
    facts_.length = longest;
    for (const double share : shares) facts_.chance_loss -= share > 0 ? share * std::log(share) : 0;
    for (const std::uint32_t n : parts_[0]) lengths_.push_back(steps_of(n));
  }

  double accuracy_on_test(auto&& predict) const {
    Confusion seen(facts_.outputs);
    for (const std::uint32_t n : parts_[2]) seen.add(label_[n], predict(tokens_of(n)));
    return seen.accuracy();
  }
  double majority() const {
    std::vector<std::int64_t> counts(classes_.size());
    for (const std::uint32_t n : parts_[0]) ++counts[static_cast<std::size_t>(label_[n])];
    const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
    return accuracy_on_test([&](auto) { return static_cast<std::int32_t>(most); });
  }
  double bayes(bool pairs) const {
    NaiveBayes model(facts_.outputs, pairs);
    for (const std::uint32_t n : parts_[0]) model.learn(tokens_of(n), label_[n]);
    return accuracy_on_test([&](auto tokens) { return model.predict(tokens); });
  }

  std::string path_, vectors_path_, sha256_;
  std::vector<std::string> classes_;
  TextTokens cut_;
  TokenNumbers numbers_;
  std::vector<std::int32_t> token_;            // of all texts, one behind the other
  std::vector<std::size_t> begin_;             // of each text's tokens, and the end
  std::vector<std::int32_t> label_;            // of each text
  std::array<Part, 3> parts_;                  // training, validation, test
  std::vector<std::int32_t> lengths_;          // of the training part
  bool has_valid_ = false, has_test_ = false;  // in the corpus
  std::optional<TokenVocabulary> vocabulary_;
  mutable SymbolVectors vectors_;  // read when they are asked for: large files
  Facts facts_;
};

}  // namespace

TaskEntry sentiment_entry() {
  return task_entry<Sentiment>("sentiment",
                               "the class of a text: what a review says of its subject",
                               "x  a funny little film     y  positive\n"
                               "x  送 餐 太 慢 了 。       y  negative",
                               {});
}

}  // namespace rnnlab
