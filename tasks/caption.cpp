#include "caption.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "captions.hpp"
#include "digit_words.hpp"

namespace rnnlab {
namespace {

/// One to many: a vector is given once, or at every step (model.input_at), and the sentence that
/// says it is asked for, word by word, each shown at the next step (Vinyals, Toshev, Bengio and
/// Erhan: Show and Tell, CVPR 2015, who give it once).
///
///   made     a scene of two shapes, its attributes mixed (scenes.cpp); ⏎ the end
///              x  ⏎ a small red circle above a large blue square
///              y  a small red circle above a large blue square ⏎
///   digits   the points of a MNIST image; its digit's name, in English or Chinese
///              x  ⏎ f i v e    y  f i v e ⏎        x  ⏎ 五    y  五 ⏎
///   files    the user's own: a folder with `features` [N, F] in train.npz (or .h5) and N lines in
///            train.txt, and so valid and test; where those are not there they are shares
///
/// y_t | w_1 … w_{t−1}, v: cross-entropy, told as perplexity, the end counted. It counts as solved
/// when a tenth is left of what the sentence costs one who knows its words so far but no vector.
class Caption final : public Task {
 public:
  struct Options {
    std::string corpus = "made", path, language = "en";
    CaptionFileOptions files;
    SceneOptions scenes;
    std::int64_t seed = 0;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit({.name = "corpus",
               .help = "made scenes of two shapes; digits of MNIST and their names; files of one's "
                       "own",
               .choices = {"made", "digits", "files"}},
              corpus);
      v.visit({.name = "path",
               .help = "digits: MNIST's folder; files: a folder with train.npz (or .h5), its array "
                       "features [N, F], and train.txt, N lines, and so valid and test",
               .file = true,
               .optional = true},
              path);
      v.visit({.name = "language",
               .help = "of digits' names, and by whose rules a file's captions are cut",
               .choices = DigitWords::languages},
              language);
      files.describe(v);
      scenes.describe(v);
      v.visit({.name = "seed",
               .help = "which scenes are drawn and how they are mixed; which captions of files are "
                       "for validation and test",
               .min = 0,
               .max = 9007199254740991.0},
              seed);
      data.describe(v);
    }
  };

  explicit Caption(const Options& o) : captions_(captions_of(o)), plateaus_(captions_->plateaus()) {
    const auto words = static_cast<int>(captions_->symbols().size());
    facts_ = {.inputs = words,
              .symbols = true,
              .given = captions_->features(),
              .outputs = words,
              .length = captions_->longest(),
              .loss = LossKind::cross_entropy,
              .metric = Metric::perplexity,
              .readout = Readout::every,
              .chance_loss = plateaus_[0].loss,
              .solved = plateaus_.size() > 1 ? std::exp(plateaus_[1].loss / 10) : 0,
              .chance = Captions::word_shares};
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return captions_->examples(split); }
  std::span<const std::int32_t> example_lengths() const override { return captions_->lengths(); }
  std::string data_sha256() const override { return captions_->sha256(); }
  std::vector<std::string> symbols() const override { return captions_->symbols(); }
  std::vector<std::pair<std::string, std::string>> notes() const override {
    return captions_->notes();
  }
  std::vector<Plateau> plateaus() const override { return plateaus_; }
  std::vector<Baseline> baselines() const override { return captions_->baselines(); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts_, static_cast<int>(examples.size()));
    std::fill(out.weight.begin(), out.weight.end(), 0.0f);
    for (std::size_t b = 0; b < examples.size(); ++b) captions_->draw(key, examples[b], b, out);
  }

  std::vector<TestMetric> test_metrics() const override {
    return {{"exact_match", "1",
             "share of the test vectors whose whole sentence greedy decoding "
             "finds"}};
  }
  std::unique_ptr<Scorer> scorer(Stream) const override { return std::make_unique<ExactMatch>(); }

 private:
  /// Greedy decoding finds a sentence just where each of its words is the likeliest one behind the
  /// true words before it: up to its first mistake it has read those.
  class ExactMatch final : public Scorer {
   public:
    void add(const Batch& drawn, std::span<const std::uint64_t>,
             std::span<const float> predictions) override {
      const auto B = static_cast<std::size_t>(drawn.B);
      const std::size_t V = predictions.size() / drawn.weight.size();
      for (std::size_t b = 0; b < B; ++b) {
        bool right = true;
        for (std::size_t at = b; at < drawn.weight.size(); at += B) {
          const float* const y = &predictions[at * V];
          if (drawn.weight[at] > 0)
            right = right && std::max_element(y, y + V) - y == drawn.label[at];
        }
        right_ += right;
        ++all_;
      }
    }
    std::vector<double> values() const override { return {right_ / all_}; }

   private:
    double right_ = 0, all_ = 0;
  };

  static std::unique_ptr<Captions> captions_of(const Options& o) {
    const auto seed = static_cast<std::uint64_t>(o.seed);
    if (o.corpus == "digits")
      return digit_captions({.path = o.path,
                             .train_examples = o.data.train_examples,
                             .valid_examples = o.data.valid_examples,
                             .test_examples = o.data.test_examples},
                            o.language);
    if (o.corpus == "files") return file_captions(o.files, o.path, o.language, seed);
    if (!o.path.empty())
      throw Error(Exit::usage, "made scenes are read from no file", "task.path",
                  "leave it out, or choose task.corpus files or digits");
    return scene_captions(o.scenes, seed);
  }

  std::unique_ptr<Captions> captions_;
  std::vector<Plateau> plateaus_;
  Facts facts_;
};

}  // namespace

TaskEntry caption_entry() {
  return task_entry<Caption>(
      "caption", "from a vector the sentence that says it: made scenes, digits, one's own",
      "given a scene     y  a small red circle above a large blue square <end>\n"
      "given an image    y  f i v e <end>     (corpus digits; language zh: 五 <end>)",
      {});
}

}  // namespace rnnlab
