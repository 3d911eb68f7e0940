#include "names.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/error.hpp"
#include "corpora/cache.hpp"
#include "data/confusion.hpp"
#include "data/ngram.hpp"
#include "data/vocabulary.hpp"
#include "name_lists.hpp"

namespace rnnlab {
namespace {

/// Names of several languages (or of whatever classes), by Unicode code point.
///
///   generate   one to many: the language is given once, or at every step (model.input_at), and
///              each next character is asked for, from a line end, ⏎, to the next one
///                given Irish    x  ⏎ K e a n e    y  K e a n e ⏎
///   classify   many to one: the language is asked for at a name's end
///                x  K e a n e    y  Irish
///
/// Each language is split by itself: of its different names `test_share` are for the test,
/// `valid_share` for validation, a function of task.seed; copies of one name stay together.
class Names final : public Task {
 public:
  struct Options {
    std::string path;
    std::string direction = "generate";
    std::int64_t seed = 0;
    double valid_share = 0.1;
    double test_share = 0.1;
    DataOptions data;  // the files say how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a folder or .zip archive with a .txt file for each language, one name a "
                       "line",
               .file = true},
              path);
      v.visit({.name = "direction",
               .help = "a name from its language, character by character, or the language from a "
                       "name",
               .choices = {"generate", "classify"}},
              direction);
      v.visit({.name = "seed",
               .help = "which names are for validation and test",
               .min = 0,
               .max = 9007199254740991.0},
              seed);
      v.visit({.name = "valid_share",
               .help = "of each language's different names, for validation",
               .min = 0.0001,
               .max = 0.9},
              valid_share);
      v.visit({.name = "test_share",
               .help = "of each language's different names, for the test",
               .min = 0.0001,
               .max = 0.9},
              test_share);
    }
  };

  explicit Names(const Options& o)
      : lists_(read_name_lists(checked_path(o))), generates_(o.direction == "generate") {
    split(o);
    std::vector<std::int32_t> training{NameLists::boundary};
    std::size_t longest = 0;
    for (const std::uint32_t n : parts_[0]) {
      const auto name = sequence(n).subspan(1);
      training.insert(training.end(), name.begin(), name.end());
      lengths_.push_back(static_cast<std::int32_t>(steps(n)));
    }
    for (std::uint32_t n = 0; n < lists_.names.size(); ++n) longest = std::max(longest, steps(n));
    vocabulary_.emplace(training, lists_.text, 1);
    lists_.text = vocabulary_->encode(std::move(lists_.text));
    const int symbols = vocabulary_->size(), classes = static_cast<int>(lists_.classes.size());
    facts_ = {.inputs = symbols,
              .symbols = true,
              .given = generates_ ? classes : 0,
              .outputs = generates_ ? symbols : classes,
              .length = static_cast<int>(longest),
              .loss = LossKind::cross_entropy,
              .metric = generates_ ? Metric::bits_per_character : Metric::of_loss,
              .readout = generates_ ? Readout::every : Readout::last,
              .chance_loss = entropy_of_targets(),
              .solved = generates_ ? 0.0 : 1.0,
              .chance = generates_ ? "always the shares of the training part's characters, line "
                                     "ends among them"
                                   : "always the shares of the training part's classes"};
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return std::ssize(part(split)); }
  std::span<const std::int32_t> example_lengths() const override { return lengths_; }
  std::string data_sha256() const override { return lists_.sha256; }
  std::vector<std::string> symbols() const override {
    return generates_ ? vocabulary_->symbols() : lists_.classes;
  }
  std::vector<std::string> source_symbols() const override {
    return generates_ ? std::vector<std::string>() : vocabulary_->symbols();
  }
  std::vector<std::string> given_symbols() const override {
    return generates_ ? lists_.classes : std::vector<std::string>();
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts_, static_cast<int>(B));
    const std::vector<std::uint32_t>& from = part(key.stream);
    if (generates_) std::fill(out.weight.begin(), out.weight.end(), 0.0f);
    for (std::size_t b = 0; b < B; ++b) {
      const std::uint32_t n = from[examples[b] % from.size()];
      const std::span<const std::int32_t> name = sequence(n);
      const std::size_t cls = lists_.names[n].cls, T = steps(n);
      out.length[b] = static_cast<int>(T);
      if (!generates_) out.label[b] = static_cast<std::int32_t>(cls);
      for (std::size_t t = 0; t < T; ++t) {
        const std::size_t at = t * B + b;
        out.symbol[at] = name[generates_ ? t : t + 1];
        if (!generates_) continue;
        out.label[at] = name[t + 1];
        out.weight[at] = 1;
      }
      if (generates_) out.given[b * lists_.classes.size() + cls] = 1;
    }
  }

  std::vector<TestMetric> test_metrics() const override {
    return generates_ ? std::vector<TestMetric>{} : class_metrics(classes());
  }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    return generates_ ? nullptr : class_scorer(classes());
  }
  std::vector<Baseline> baselines() const override {
    return generates_ ? ngrams() : class_baselines();
  }

 private:
  int classes() const { return static_cast<int>(lists_.classes.size()); }

  static std::string checked_path(const Options& o) {
    if (o.valid_share + o.test_share >= 1)
      throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
                  "let task.valid_share + task.test_share be below 1");
    return corpus_path(o.path, corpora_of("names"));
  }

  const std::vector<std::uint32_t>& part(Stream split) const {
    return parts_[split == Stream::valid ? 1 : split == Stream::test ? 2 : 0];
  }
  /// A line end, the name and a line end.
  std::span<const std::int32_t> sequence(std::uint32_t n) const {
    const NameLists::Name& name = lists_.names[n];
    return std::span(lists_.text).subspan(name.begin, name.length + 2);
  }
  std::size_t steps(std::uint32_t n) const { return lists_.names[n].length + (generates_ ? 1 : 0); }

  /// Of each class, a seeded order of its different names, cut: first the test, then validation.
  void split(const Options& o) {
    const std::size_t N = lists_.names.size();
    std::vector<std::uint8_t> to(N);
    for (std::uint32_t begin = 0; begin < N;) {
      const std::uint32_t cls = lists_.names[begin].cls;
      std::vector<std::uint32_t> different;
      std::uint32_t end = begin;
      for (; end < N && lists_.names[end].cls == cls; ++end) {
        if (lists_.names[end].copy_of == end) different.push_back(end);
      }
      const std::uint64_t D = different.size();
      const auto share = [&](double part) {
        return std::max<std::uint64_t>(
            1, static_cast<std::uint64_t>(std::llround(part * static_cast<double>(D))));
      };
      const std::uint64_t test = share(o.test_share), held_out = test + share(o.valid_share);
      if (held_out >= D)
        throw Error(Exit::data,
                    "too few names of class " + lists_.classes[cls] + ": " + std::to_string(D) +
                        " different ones for training, validation and test",
                    o.path, "give more of them, or smaller shares");
      const Key key{static_cast<std::uint64_t>(o.seed), Stream::train};
      for (std::uint64_t place = 0; place < D; ++place)
        to[different[permuted(key, cls, D, place)]] = place < test ? 2 : place < held_out ? 1 : 0;
      for (std::uint32_t n = begin; n < end; ++n) parts_[to[lists_.names[n].copy_of]].push_back(n);
      begin = end;
    }
  }

  double entropy_of_targets() const {
    std::vector<double> count(std::max<std::size_t>(lists_.classes.size(),
                                                    static_cast<std::size_t>(vocabulary_->size())));
    double all = 0, nats = 0;
    for (const std::uint32_t n : parts_[0]) {
      if (!generates_) {
        ++count[lists_.names[n].cls];
        ++all;
        continue;
      }
      for (const std::int32_t symbol : sequence(n).subspan(1)) {
        ++count[static_cast<std::size_t>(symbol)];
        ++all;
      }
    }
    for (const double c : count) nats -= c > 0 ? c / all * std::log(c / all) : 0;
    return nats;
  }

  /// The names of a part, of one class or (cls = −1) of all.
  Sequences sequences(Stream split, std::int64_t cls) const {
    Sequences all;
    for (const std::uint32_t n : part(split)) {
      if (cls < 0 || lists_.names[n].cls == cls) all.push_back(sequence(n));
    }
    return all;
  }

  /// Counted over all languages, and over the name's own alone.
  std::vector<Baseline> ngrams() const {
    const int V = vocabulary_->size();
    std::vector<Baseline> all =
        ngram_baselines(sequences(Stream::train, -1), sequences(Stream::test, -1), V);
    std::vector<Baseline> own = all;
    for (Baseline& b : own) b.value = 0;
    double symbols = 0;
    for (std::size_t c = 0; c < lists_.classes.size(); ++c) {
      const auto cls = static_cast<std::int64_t>(c);
      const Sequences scored = sequences(Stream::test, cls);
      double here = 0;
      for (const auto& name : scored) here += static_cast<double>(name.size() - 1);
      const auto bits = ngram_baselines(sequences(Stream::train, cls), scored, V);
      for (std::size_t i = 0; i < own.size(); ++i) own[i].value += bits[i].value * here;
      symbols += here;
    }
    for (std::size_t i = 1; i < own.size(); ++i)  // but the uniform one
      all.push_back({own[i].name + " of the language", own[i].value / symbols});
    return all;
  }

  /// Accuracy of the majority, and of naive Bayes with pairs of neighbouring symbols, line ends
  /// among them: ln P(class) + Σ ln (N(pair, class) + 1) / (N(class) + D), D different pairs.
  std::vector<Baseline> class_baselines() const {
    const std::size_t C = lists_.classes.size();
    std::unordered_map<std::uint64_t, std::vector<double>> pairs;
    std::vector<double> all(C), names(C);
    const auto for_pairs = [](std::span<const std::int32_t> name, auto&& f) {
      for (std::size_t t = 1; t < name.size(); ++t)
        f(static_cast<std::uint64_t>(name[t - 1]) << 32 | static_cast<std::uint32_t>(name[t]));
    };
    for (const std::uint32_t n : parts_[0]) {
      const std::size_t cls = lists_.names[n].cls;
      ++names[cls];
      for_pairs(sequence(n), [&](std::uint64_t pair) {
        ++pairs.try_emplace(pair, C, 0.0).first->second[cls];
        ++all[cls];
      });
    }
    const auto majority =
        static_cast<std::size_t>(std::max_element(names.begin(), names.end()) - names.begin());
    double most = 0, bayes = 0;
    for (const std::uint32_t n : part(Stream::test)) {
      std::vector<double> score(C);
      for (std::size_t c = 0; c < C; ++c) score[c] = std::log(names[c]);
      for_pairs(sequence(n), [&](std::uint64_t pair) {
        const auto found = pairs.find(pair);
        for (std::size_t c = 0; c < C; ++c) {
          const double count = found == pairs.end() ? 0.0 : found->second[c];
          score[c] += std::log((count + 1) / (all[c] + static_cast<double>(pairs.size())));
        }
      });
      const auto said = std::max_element(score.begin(), score.end()) - score.begin();
      most += lists_.names[n].cls == majority;
      bayes += lists_.names[n].cls == said;
    }
    const auto count = static_cast<double>(part(Stream::test).size());
    return {{"most frequent class", most / count}, {"naive Bayes of bigrams", bayes / count}};
  }

  NameLists lists_;
  bool generates_;
  std::array<std::vector<std::uint32_t>, 3> parts_;  // training, validation, test
  std::vector<std::int32_t> lengths_;
  std::optional<Vocabulary> vocabulary_;
  Facts facts_;
};

}  // namespace

TaskEntry names_entry() {
  return task_entry<Names>("names",
                           "names and their languages: a name from its language, or the language "
                           "from a name",
                           "given Irish     x  _ K e a n e     y  K e a n e _\n"
                           "given Czech     x  _ N o v a k     y  N o v a k _\n"
                           "(_ a line end; direction classify: x  K e a n e   y  Irish)",
                           {});
}

}  // namespace rnnlab
