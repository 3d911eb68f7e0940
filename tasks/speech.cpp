#include "speech.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "data/confusion.hpp"
#include "data/error_rate.hpp"
#include "speech_files.hpp"
#include "speech_sets.hpp"

namespace rnnlab {
namespace {

/// Speech, read as a frame of log-mel energies every 10 ms (log_mel.hpp), or whatever frames a file
/// has; each of their numbers less its mean, by its deviation, over the training part.
///
///   target      frames (T = 8)                            y
///   frames      . . ɑ ɑ ɑ . i i                           0 0 1 1 1 0 3 3
///   word        . . ɑ ɑ ɑ . i i                           ɑi, of a list of words, at the end
///   characters  . . ɑ ɑ ɑ . i i                           ɑ i ■, by a decoder (■ the end)
///   ctc         . . ɑ ɑ ɑ . i i                           ɑ i, in this order, at whatever frames
///
/// Without `path` the words are made: `min_letters` … `letters` vowels, uniform, one after the
/// other as sound with noise (tone_words.hpp). For the word as a whole there are `words` different
/// ones, a function of task.seed. With `path` they are recordings, or frames (speech_files.hpp).
class Speech final : public Task {
 public:
  struct Options {
    std::string path, target = "frames";
    ToneWordOptions made;
    Shares shares;
    DataOptions data;  // of a file: the file says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a folder or archive of recordings (.wav) with labels.tsv, or train.tsv, "
                       "valid.tsv and test.tsv; or a .npz or .h5 file of frames; without: words of "
                       "vowels are made",
               .file = true,
               .optional = true},
              path);
      v.visit({.name = "target",
               .help = "what is asked for: the class of every frame, one for an utterance, or its "
                       "characters: by an encoder-decoder, or from every frame by connectionist "
                       "temporal classification",
               .choices = {"frames", "word", "characters", "ctc"}},
              target);
      v.visit({.name = "seed",
               .help = "which words there are, and are drawn; which recordings are for validation "
                       "and test",
               .min = 0,
               .max = 9007199254740991.0},
              made.seed);
      v.visit({.name = "letters", .help = "of a made word, at most", .min = 1, .max = 1000},
              made.letters);
      v.visit({.name = "min_letters",
               .help = "of a made word, at least; 0: as many as task.letters",
               .min = 0,
               .max = 1000},
              made.min_letters);
      v.visit({.name = "alphabet", .help = "different vowels of made words", .min = 2, .max = 10},
              made.alphabet);
      v.visit({.name = "words",
               .help = "different made words, where the word is asked for",
               .min = 2,
               .max = 10000},
              made.words);
      v.visit({.name = "snr",
               .help = "how far the white noise over made words is below their loudest vowels",
               .unit = "dB",
               .min = -40,
               .max = 80},
              made.snr);
      v.visit({.name = "mels",
               .help = "filters that sound is read through",
               .unit = "filters",
               .min = 1,
               .max = 1000},
              made.mels);
      v.visit({.name = "f_min", .help = "where they begin", .unit = "Hz", .min = 0, .max = 384000},
              made.f_min);
      v.visit({.name = "f_max",
               .help = "where they end; 0: at half the sample rate",
               .unit = "Hz",
               .min = 0,
               .max = 384000},
              made.f_max);
      shares.describe(v);
      data.describe(v);
    }
  };

  explicit Speech(const Options& o)
      : target_(o.target == "frames"       ? SpeechTarget::frames
                : o.target == "word"       ? SpeechTarget::word
                : o.target == "characters" ? SpeechTarget::characters
                                           : SpeechTarget::ctc),
        seed_(static_cast<std::uint64_t>(o.made.seed)),
        test_examples_(o.data.test_examples),
        set_(o.path.empty() ? tone_words(o.made, target_)
                            : speech_files({.path = o.path,
                                            .seed = o.made.seed,
                                            .shares = o.shares,
                                            .mels = static_cast<int>(o.made.mels),
                                            .f_min = o.made.f_min,
                                            .f_max = o.made.f_max},
                                           target_)) {
    const SpeechSet::Sizes& sizes = set_->sizes();
    facts_ = {.inputs = sizes.width,
              .outputs = static_cast<int>(sizes.symbols.size()),
              .length = sizes.frames,
              .loss = LossKind::cross_entropy,
              .chance_loss = sizes.chance_loss,
              .solved = target_ == SpeechTarget::frames ? 0.95 : 0.99,
              .chance = sizes.chance};
    switch (target_) {
      case SpeechTarget::frames: facts_.readout = Readout::every; break;
      case SpeechTarget::word: facts_.readout = Readout::last; break;
      case SpeechTarget::characters:
        facts_.readout = Readout::sequence;
        facts_.target_length = sizes.labels + 1;
        break;
      case SpeechTarget::ctc:
        facts_.readout = Readout::every;
        facts_.loss = LossKind::ctc;
        facts_.target_length = sizes.labels;
        facts_.solved = 0.02;
    }
    for (std::int64_t i = 0; i < set_->examples(Stream::train); ++i)
      lengths_.push_back(
          steps(set_->utterance({seed_, Stream::train}, static_cast<std::uint64_t>(i))));
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return set_->examples(split); }
  std::span<const std::int32_t> example_lengths() const override { return lengths_; }
  std::string data_sha256() const override { return set_->sizes().sha256; }
  std::vector<std::string> symbols() const override { return set_->sizes().symbols; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size(), I = static_cast<std::size_t>(facts_.inputs);
    out.reset(facts_, static_cast<int>(B));
    std::fill(out.weight.begin(), out.weight.end(), 0.0f);
    for (std::size_t b = 0; b < B; ++b) {
      const SpeechSet::Utterance u = set_->utterance(key, examples[b]);
      out.length[b] = steps(u);
      for (std::size_t t = 0; t < u.frames.size() / I; ++t)
        std::copy_n(&u.frames[t * I], I, &out.x[(t * B + b) * I]);
      const std::size_t scored =
          target_ == SpeechTarget::ctc ? static_cast<std::size_t>(steps(u)) : rows(u);
      for (std::size_t r = 0; r < rows(u); ++r)
        out.label[r * B + b] = r < u.labels.size() ? u.labels[r] : end_symbol;
      for (std::size_t r = 0; r < scored; ++r) out.weight[r * B + b] = 1;
      if (is_spelt(target_)) out.target_steps[b] = static_cast<int>(rows(u));
    }
  }

  std::vector<TestMetric> test_metrics() const override {
    if (target_ == SpeechTarget::ctc) return {};
    if (target_ != SpeechTarget::characters) return class_metrics(facts_.outputs);
    return error_rate_metrics("character_error_rate",
                              "edits of greedy decoding, by the characters of the test utterances");
  }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    if (target_ == SpeechTarget::ctc) return nullptr;
    return target_ == SpeechTarget::characters ? error_rate_scorer() : class_scorer(facts_.outputs);
  }

  std::vector<std::pair<std::string, std::string>> notes() const override {
    const auto text = [](const std::vector<float>& values) {
      std::vector<std::string> numbers;
      for (const float v : values) numbers.push_back(format_short(static_cast<double>(v), 9));
      return join(numbers, " ");
    };
    std::vector<std::pair<std::string, std::string>> notes{
        {"frame_mean", text(set_->mean())}, {"frame_deviation", text(set_->deviation())}};
    if (!set_->sizes().features.empty()) notes.emplace_back("frames", set_->sizes().features);
    return notes;
  }

  /// Of classes: the most frequent one, and that whose mean in training is nearest, of the frame or
  /// of the utterance's mean frame. Of characters: the most frequent symbol, of all and at its
  /// place. Of ctc: not a label.
  std::vector<Baseline> baselines() const override {
    if (target_ == SpeechTarget::ctc) return {{"no character at all", 1}};
    const auto C = static_cast<std::size_t>(facts_.outputs),
               I = static_cast<std::size_t>(facts_.inputs);
    std::vector<double> count(C), sum(C * I);
    std::vector<std::vector<double>> at_place;
    for_each(Stream::train, [&](const SpeechSet::Utterance& u) {
      for_each_label(u, [&](std::size_t r, std::size_t label, std::span<const double> x) {
        ++count[label];
        for (std::size_t i = 0; i < x.size(); ++i) sum[label * I + i] += x[i];
        if (target_ != SpeechTarget::characters) return;
        if (at_place.size() <= r) at_place.resize(r + 1, std::vector<double>(C));
        ++at_place[r][label];
      });
    });
    const std::size_t most = largest(count);
    double all = 0, frequent = 0, better = 0;
    for_each(Stream::test, [&](const SpeechSet::Utterance& u) {
      for_each_label(u, [&](std::size_t r, std::size_t label, std::span<const double> x) {
        ++all;
        frequent += label == most;
        better += label == (x.empty() ? r < at_place.size() ? largest(at_place[r]) : end_symbol
                                      : nearest_mean(x, count, sum));
      });
    });
    const char* const second = target_ == SpeechTarget::frames ? "nearest class mean of the frame"
                               : target_ == SpeechTarget::word
                                   ? "nearest class mean of the mean frame"
                                   : "most frequent symbol of each place";
    return {{target_ == SpeechTarget::characters ? "most frequent symbol" : "most frequent class",
             frequent / all},
            {second, better / all}};
  }

 private:
  int steps(const SpeechSet::Utterance& u) const {
    return static_cast<int>(u.frames.size()) / facts_.inputs;
  }
  /// Scored targets: the labels, and an end behind characters.
  std::size_t rows(const SpeechSet::Utterance& u) const {
    return u.labels.size() + (target_ == SpeechTarget::characters);
  }

  /// Calls f(utterance) for a split; where they are made, for at most a thousand.
  template <class F>
  void for_each(Stream split, F&& f) const {
    const std::int64_t own = set_->examples(split);
    const std::int64_t made =
        split == Stream::test ? std::min<std::int64_t>(test_examples_, 1000) : 1000;
    for (std::int64_t i = 0; i < (own > 0 ? own : made); ++i)
      f(set_->utterance({seed_, split}, static_cast<std::uint64_t>(i)));
  }

  /// Calls f(place, label, what the nearest mean goes by) for all that is scored.
  template <class F>
  void for_each_label(const SpeechSet::Utterance& u, F&& f) const {
    const auto I = static_cast<std::size_t>(facts_.inputs);
    std::vector<double> x;
    if (target_ == SpeechTarget::word) {
      x.assign(I, 0.0);
      for (std::size_t at = 0; at < u.frames.size(); ++at)
        x[at % I] += static_cast<double>(u.frames[at]) / steps(u);
    }
    for (std::size_t r = 0; r < rows(u); ++r) {
      if (target_ == SpeechTarget::frames)
        x.assign(u.frames.begin() + static_cast<std::ptrdiff_t>(r * I),
                 u.frames.begin() + static_cast<std::ptrdiff_t>((r + 1) * I));
      const std::int32_t label = r < u.labels.size() ? u.labels[r] : end_symbol;
      f(r, static_cast<std::size_t>(label), std::span<const double>(x));
    }
  }

  static std::size_t largest(const std::vector<double>& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) -
                                    values.begin());
  }

  static std::size_t nearest_mean(std::span<const double> x, const std::vector<double>& count,
                                  const std::vector<double>& sum) {
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < count.size(); ++c) {
      double distance = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        distance += std::pow(x[i] - sum[c * x.size() + i] / count[c], 2);
      if (count[c] == 0 || distance >= least) continue;
      least = distance;
      nearest = c;
    }
    return nearest;
  }

  SpeechTarget target_;
  std::uint64_t seed_;
  std::int64_t test_examples_;
  std::unique_ptr<SpeechSet> set_;
  Facts facts_;
  std::vector<std::int32_t> lengths_;  // of the training part, where it is a file's
};

}  // namespace

TaskEntry speech_entry() {
  return task_entry<Speech>(
      "speech", "frames of speech: what is said in each, in all of them, or letter by letter",
      "x  . . ɑ ɑ ɑ . i i (a frame of 40 numbers every 10 ms)     y  0 0 1 1 1 0 3 3 (target "
      "frames)\n"
      "x  . u u u . ɔ ɔ .                                         y  u ɔ <end> (characters)",
      {});
}

}  // namespace rnnlab
