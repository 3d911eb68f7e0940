#include "jsb_chorales.hpp"

#include <algorithm>
#include <bitset>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "data/corpus.hpp"
#include "data/piano_roll.hpp"

namespace rnnlab {
namespace {

using Keys = std::bitset<piano_keys>;

/// Music frame by frame, each key of the piano on or off: at every step one frame is shown and the
/// next one is asked for (Boulanger-Lewandowski, Bengio and Vincent: Modeling Temporal Dependencies
/// in High-Dimensional Sequences, ICML 2012).
///
///   x  60 64 67 72 | 59 62 67 74 | 60 64 67 72
///   y  59 62 67 74 | 60 64 67 72 | -               (MIDI notes of a C major cadence)
///
/// An example is a whole piece, a prediction the logits of 88 outputs that are independent given
/// the past. Loss and metric: nats per frame, summed over the keys, averaged over all predicted
/// frames, which are those of a piece but its first one.
class JsbChorales final : public Task {
 public:
  struct Options {
    std::string path;
    std::string grid = "quarter";
    DataOptions data;  // the corpus says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a folder or archive with jsb-chorales-quarter.json, jsb-chorales-16th.json "
                       "or Jsb16thSeparated.json, or one such file",
               .file = true},
              path);
      v.visit({.name = "grid",
               .help = "how long a frame is: the file of a folder that is read, and the note's "
                       "value in what is generated",
               .choices = {"quarter", "16th"}},
              grid);
    }
  };

  explicit JsbChorales(const Options& o) {
    const std::string path = corpus_path(o.path, corpora_of("jsb-chorales"));
    const Corpus corpus(path);
    const std::string file = file_of(corpus, path, o.grid);
    const std::string bytes = corpus.bytes(file);
    pieces_ = read_piano_rolls(bytes, corpus.where(file));
    sha256_ = sha256(bytes);
    for (std::size_t part = 0; part < pieces_.parts.size(); ++part) {
      for (const PianoPiece& piece : pieces_.parts[part]) {
        length_ = std::max(length_, piece.frames() - 1);
        if (part == 0) lengths_.push_back(piece.frames() - 1);
      }
    }
    judge_simple_predictors();
  }

  Facts facts() const override {
    return {.inputs = piano_keys,
            .outputs = piano_keys,
            .length = length_,
            .loss = LossKind::binary_cross_entropy,
            .readout = Readout::every,
            .chance_loss = baselines_.front().value,
            .chance = "each key's share of the training frames"};
  }
  std::int64_t examples(Stream split) const override { return std::ssize(part(split)); }
  std::span<const std::int32_t> example_lengths() const override { return lengths_; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    const std::vector<PianoPiece>& pieces = part(key.stream);
    for (std::size_t b = 0; b < B; ++b) {
      const PianoPiece& piece = pieces[examples[b] % pieces.size()];
      const int steps = piece.frames() - 1;
      out.length[b] = steps;
      const auto at = [&](int t) { return (static_cast<std::size_t>(t) * B + b); };
      piece.for_each_frame([&](int t, std::span<const std::uint8_t> keys) {
        for (const std::uint8_t k : keys) {
          if (t < steps) out.x[at(t) * piano_keys + k] = 1;
          if (t > 0) out.y[at(t - 1) * piano_keys + k] = 1;
        }
      });
      for (int t = steps; t < length_; ++t) out.weight[at(t)] = 0;
    }
  }

  std::string data_sha256() const override { return sha256_; }
  std::vector<Baseline> baselines() const override { return baselines_; }

 private:
  static std::string file_of(const Corpus& corpus, const std::string& path,
                             const std::string& grid) {
    if (corpus.files().size() == 1) return corpus.files().front();
    const std::vector<std::string> names =
        grid == "quarter"
            ? std::vector<std::string>{"jsb-chorales-quarter.json"}
            : std::vector<std::string>{"jsb-chorales-16th.json", "Jsb16thSeparated.json"};
    for (const std::string& name : names)
      if (const auto found = corpus.find(name)) return *found;
    throw Error(Exit::data, "there is no " + join(names, " and no "), path,
                "give the file itself as task.path, or another task.grid");
  }

  const std::vector<PianoPiece>& part(Stream split) const {
    return pieces_.parts[split == Stream::valid ? 1 : split == Stream::test ? 2 : 0];
  }

  /// Calls f(frame, the next one) for every prediction of a part.
  template <class F>
  void for_each_pair(Stream split, F&& f) const {
    for (const PianoPiece& piece : part(split)) {
      Keys before;
      piece.for_each_frame([&](int t, std::span<const std::uint8_t> keys) {
        Keys now;
        for (const std::uint8_t k : keys) now.set(k);
        if (t > 0) f(before, now);
        before = now;
      });
    }
  }

  /// How often something came, of how many times; half a time each way is added (Krichevsky and
  /// Trofimov 1981), so that nothing is impossible.
  struct Rate {
    double came = 0.5, times = 1;
    void add(bool yes) {
      came += yes;
      times += 1;
    }
    double nats(bool yes) const { return -std::log((yes ? came : times - came) / times); }
  };

  /// Rates counted on the training part, their nats per frame on the test part: of each key alone;
  /// of copying, where any key that was on stays so at one rate and any other sets in at another;
  /// and of a Markov chain for each key.
  void judge_simple_predictors() {
    std::array<Rate, piano_keys> alone;
    std::array<Rate, 2> copied;  // of keys that were off, on
    std::array<std::array<Rate, piano_keys>, 2> given;
    const auto for_each_key = [&](Stream split, auto&& f) {
      for_each_pair(split, [&](const Keys& before, const Keys& now) {
        for (std::size_t k = 0; k < piano_keys; ++k) f(k, before[k] ? 1u : 0u, now[k]);
      });
    };
    for_each_key(Stream::train, [&](std::size_t k, std::size_t before, bool now) {
      alone[k].add(now);
      copied[before].add(now);
      given[before][k].add(now);
    });
    double key_rates = 0, copy = 0, chain = 0, frames = 0;
    for_each_key(Stream::test, [&](std::size_t k, std::size_t before, bool now) {
      key_rates += alone[k].nats(now);
      copy += copied[before].nats(now);
      chain += given[before][k].nats(now);
      frames += k == 0;
    });
    baselines_ = {{"marginal of each key", key_rates / frames},
                  {"copy of the previous frame", copy / frames},
                  {"each key given itself before", chain / frames}};
  }

  PianoCorpus pieces_;
  std::string sha256_;
  int length_ = 0;
  std::vector<std::int32_t> lengths_;
  std::vector<Baseline> baselines_;
};

Protocol bai2018() {
  return {
      .name = "bai2018",
      .source =
          "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and Recurrent "
          "Networks for Sequence Modeling (2018), section 4 and its published code",
      .settings = {{"task.grid", "quarter"},
                   {"train.steps", "22900"},
                   {"train.batch", "1"},
                   {"train.optimizer", "adam"},
                   {"train.lr", "0.001"},
                   {"train.beta1", "0.9"},
                   {"train.beta2", "0.999"},
                   {"train.epsilon", "1e-08"},
                   {"train.reduction", "sum"},
                   {"train.clip_value", "0"},
                   {"train.clip_norm", "1"},
                   {"train.eval_every", "229"},
                   {"model.hidden", "200"},
                   {"model.layers", "2"},
                   {"model.dropout", "0.2"},
                   {"model.init", "uniform"},
                   {"model.recurrent_init", "uniform"}},
      .per_model = {{"lstm", {{"model.forget_bias", "10"}}},
                    {"deep-lstm", {{"model.forget_bias", "10"}}}},
      .deviates = {
          "the rate stays what it is (published code: a tenth from the epoch on whose validation "
          "loss is above the three before)",
          "the paper does not give the settings of gru and vanilla: the LSTM's, forget bias apart",
          "two layers of 200 have 570 thousand parameters (the paper states 300 thousand)",
          "the norm is clipped (the published code clips before there is a gradient: nothing)",
          "biases start at 0 but for the forget bias (published: uniform, as the weights)",
          "the result is that of the last parameters (published code: of the best on "
          "validation)"}};
}

}  // namespace

TaskEntry jsb_chorales_entry() {
  return task_entry<JsbChorales>(
      "jsb-chorales", "Bach's chorales: the keys that sound next",
      "x  60 64 67 72 | 59 62 67 74     y  59 62 67 74 | 60 64 67 72\n"
      "x  57 60 65 69 | 55 60 64 72     y  55 60 64 72 | 55 59 62 74\n"
      "(MIDI notes of two frames each; every one of 88 keys is on or off)",
      {bai2018()});
}

}  // namespace rnnlab
