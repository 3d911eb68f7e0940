#include "char_lm.hpp"

#include <cmath>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "corpora/cache.hpp"
#include "data/ngram.hpp"
#include "data/text_corpus.hpp"
#include "data/vocabulary.hpp"

namespace rnnlab {
namespace {

/// Language model by character: a UTF-8 text, cut by position into training, validation and test
/// part. At every step one Unicode code point is shown and the next one is asked for.
///
///   T = 4     x  T o   b    y  o   b e        (a window of "To be, or not to be")
///             x  e , _ o    y  , _ o r        (the next one, _ a space; the state is carried on)
///
/// Every character of a part but the text's very first one is predicted once an epoch, the first
/// one of a part from the last one of the part before. Loss and baselines: nats and bits per
/// character. Code points that the training part does not have, or has fewer than `min_count`
/// times, are read as U+FFFD.
class CharLm final : public Task {
 public:
  struct Options {
    std::string path;
    std::int64_t length = 100;
    std::string sampling = "consecutive";
    double valid_share = 0.1;
    double test_share = 0;
    std::int64_t min_count = 1;
    DataOptions data;  // the text says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path", .help = "a text file in UTF-8", .file = true}, path);
      v.visit({.name = "length",
               .help = "characters of a window",
               .unit = "characters",
               .min = 1,
               .max = 1e6},
              length);
      v.visit(
          {.name = "sampling",
           .help = "training windows: consecutive ones, the state carried from each to the next, "
                   "or anywhere at random, each from a zero state",
           .choices = {"consecutive", "random"}},
          sampling);
      v.visit({.name = "valid_share",
               .help = "of the text, for validation: what follows the training part",
               .min = 0.0001,
               .max = 0.9},
              valid_share);
      v.visit({.name = "test_share",
               .help = "of the text, its end, for the test; 0: the test is on the validation part",
               .min = 0,
               .max = 0.9},
              test_share);
      v.visit({.name = "min_count",
               .help = "characters that the training part has less often are read as U+FFFD",
               .unit = "times",
               .min = 1,
               .max = 1e9},
              min_count);
    }
  };

  explicit CharLm(const Options& o)
      : path_(checked_path(o)),
        length_(static_cast<int>(o.length)),
        random_(o.sampling == "random") {
    TextCorpus text = read_text_corpus(path_);
    const auto N = text.code_points.size();
    const auto share = [&](double part) {
      return static_cast<std::size_t>(std::llround(part * static_cast<double>(N)));
    };
    const std::size_t test = share(o.test_share), held_out = share(o.valid_share) + test;
    if (held_out == test || held_out >= N || N - held_out <= static_cast<std::size_t>(length_)) {
      too_short(N);
    }
    begin_ = {1, N - held_out, test == 0 ? N - held_out : N - test};
    end_ = {N - held_out, N - test, N};
    const std::span<const std::int32_t> all(text.code_points);
    vocabulary_.emplace(all.first(end_[0]), all, o.min_count);
    ids_ = vocabulary_->encode(std::move(text.code_points));
    sha256_ = std::move(text.sha256);
  }

  Facts facts() const override {
    const int symbols = vocabulary_->size();
    return {.inputs = symbols,
            .symbols = true,
            .outputs = symbols,
            .length = length_,
            .loss = LossKind::cross_entropy,
            .metric = Metric::bits_per_character,
            .readout = Readout::every,
            .chance_loss = std::log(static_cast<double>(symbols)),
            .chance = "log2(different characters)"};
  }

  std::int64_t stream(Stream split) const override {
    return split == Stream::train && random_ ? 0 : targets(split);
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    const std::size_t first = begin_[part(key.stream)], end = end_[part(key.stream)];
    for (std::size_t b = 0; b < B; ++b) {
      const std::size_t begin =
          first +
          (random_ && key.stream == Stream::train ? random_window(key, examples[b]) : examples[b]);
      const std::size_t steps =
          std::min<std::size_t>(static_cast<std::size_t>(length_), end - begin);
      out.length[b] = static_cast<int>(steps);
      for (std::size_t t = 0; t < steps; ++t) {
        out.symbol[t * B + b] = ids_[begin + t - 1];
        out.label[t * B + b] = ids_[begin + t];
      }
      for (std::size_t t = steps; t < static_cast<std::size_t>(length_); ++t) {
        out.weight[t * B + b] = 0;
      }
    }
  }

  std::vector<std::string> symbols() const override { return vocabulary_->symbols(); }
  std::string data_sha256() const override { return sha256_; }
  std::vector<Baseline> baselines() const override {
    const std::span<const std::int32_t> all(ids_);
    return ngram_baselines(all.first(end_[0]), all.subspan(begin_[2], end_[2] - begin_[2]),
                           vocabulary_->size());
  }

 private:
  static std::string checked_path(const Options& o) {
    if (o.valid_share + o.test_share >= 1) {
      throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
                  "let task.valid_share + task.test_share be below 1");
    }
    return corpus_path(o.path, corpora_of("char-lm"));
  }
  [[noreturn]] void too_short(std::size_t characters) const {
    throw Error(Exit::data,
                "too short: " + std::to_string(characters) +
                    " characters for training windows of " + std::to_string(length_) +
                    " and the other parts",
                path_, "give a longer text or a smaller task.length");
  }
  static std::size_t part(Stream split) {
    return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
  }
  std::int64_t targets(Stream split) const {
    return static_cast<std::int64_t>(end_[part(split)] - begin_[part(split)]);
  }
  std::size_t random_window(Key key, std::uint64_t example) const {
    const auto places = targets(key.stream) - length_ + 1;
    return static_cast<std::size_t>(Rng(key, example).uniform53() * static_cast<double>(places));
  }

  std::string path_;
  std::string sha256_;
  int length_;
  bool random_;
  std::array<std::size_t, 3> begin_{}, end_{};  // targets of training, validation, test
  std::optional<Vocabulary> vocabulary_;
  std::vector<std::int32_t> ids_;
};

}  // namespace

TaskEntry char_lm_entry() {
  return task_entry<CharLm>("char-lm", "the next character of any UTF-8 text",
                            "x  T o _ b     y  o _ b e\n"
                            "x  e , _ o     y  , _ o r\n"
                            "(two consecutive windows of 4 of \"To be, or not to be\"; _ a space)",
                            {});
}

}  // namespace rnnlab
