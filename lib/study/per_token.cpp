#include "study/per_token.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "data/text_tokens.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

/// ln softmax(y), in double.
std::vector<double> log_softmax(std::span<const float> y) {
  std::vector<double> result(y.begin(), y.end());
  const double most = *std::max_element(result.begin(), result.end());
  double total = 0;
  for (const double v : result) total += std::exp(v - most);
  const double norm = most + std::log(total);
  for (double& v : result) v -= norm;
  return result;
}

std::span<const float> column_of(std::span<const float> predictions, std::size_t column,
                                 std::size_t outputs) {
  return predictions.subspan(column * outputs, outputs);
}

class TokenScorer final : public Scorer {
 public:
  TokenScorer(std::int64_t targets, int outputs)
      : tokens_(static_cast<std::size_t>(targets)), outputs_(static_cast<std::size_t>(outputs)) {}

  void add(const Batch& drawn, std::span<const std::uint64_t> windows,
           std::span<const float> predictions) override {
    for (std::size_t i = 0; i < drawn.weight.size(); ++i) {
      if (drawn.weight[i] == 0) continue;
      const std::size_t b = i % windows.size(), t = i / windows.size();
      const auto log_p = log_softmax(column_of(predictions, i, outputs_));
      tokens_[windows[b] + t] = {drawn.label[i], log_p[static_cast<std::size_t>(drawn.label[i])]};
    }
  }
  std::vector<double> values() const override { return {}; }
  std::vector<ScoredToken> take() { return std::move(tokens_); }

 private:
  std::vector<ScoredToken> tokens_;
  std::size_t outputs_;
};

/// The beginnings of a task's test examples, from one step to all.
class Prefixes final : public Task {
 public:
  Prefixes(const Task& task, std::uint64_t seed, std::int64_t examples) : task_(task) {
    Batch batch;
    for (std::int64_t e = 0; e < examples; ++e) {
      const std::uint64_t id[]{static_cast<std::uint64_t>(e)};
      task.draw({seed, Stream::test}, id, batch);
      ends_.push_back((ends_.empty() ? 0 : ends_.back()) +
                      static_cast<std::uint64_t>(batch.length[0]));
    }
  }

  /// The example of a prefix and its last step.
  std::pair<std::uint64_t, int> place(std::uint64_t prefix) const {
    const auto found = std::upper_bound(ends_.begin(), ends_.end(), prefix);
    const std::uint64_t begin = found == ends_.begin() ? 0 : *(found - 1);
    return {static_cast<std::uint64_t>(found - ends_.begin()), static_cast<int>(prefix - begin)};
  }
  Facts facts() const override { return task_.facts(); }
  std::int64_t examples(Stream split) const override {
    return split == Stream::test ? static_cast<std::int64_t>(ends_.back()) : task_.examples(split);
  }
  void draw(Key key, std::span<const std::uint64_t> prefixes, Batch& out) const override {
    std::vector<std::uint64_t> whole;
    for (const std::uint64_t prefix : prefixes) whole.push_back(place(prefix).first);
    task_.draw(key, whole, out);
    const auto inputs = static_cast<std::size_t>(task_.facts().inputs);
    for (std::size_t b = 0; b < prefixes.size(); ++b) {
      const int last = place(prefixes[b]).second;
      for (int t = last + 1; t < out.length[b]; ++t) {
        const std::size_t at = static_cast<std::size_t>(t) * prefixes.size() + b;
        if (!out.symbol.empty()) out.symbol[at] = 0;
        if (!out.x.empty()) std::fill_n(&out.x[at * inputs], inputs, 0.0f);
      }
      out.length[b] = last + 1;
    }
  }

 private:
  const Task& task_;
  std::vector<std::uint64_t> ends_;
};

class PrefixScorer final : public Scorer {
 public:
  PrefixScorer(const Prefixes& prefixes, const std::function<void(const RunningPrediction&)>& f)
      : prefixes_(prefixes), f_(f) {}

  void add(const Batch& drawn, std::span<const std::uint64_t> ids,
           std::span<const float> predictions) override {
    const std::size_t outputs = predictions.size() / ids.size();
    for (std::size_t b = 0; b < ids.size(); ++b) {
      const auto [example, step] = prefixes_.place(ids[b]);
      std::vector<double> p = log_softmax(column_of(predictions, b, outputs));
      for (double& v : p) v = std::exp(v);
      const auto at = static_cast<std::size_t>(step) * ids.size() + b;
      f_({example, step, drawn.symbol.empty() ? -1 : drawn.symbol[at], p});
    }
  }
  std::vector<double> values() const override { return {}; }

 private:
  const Prefixes& prefixes_;
  const std::function<void(const RunningPrediction&)>& f_;
};

class OneText final : public Task {
 public:
  OneText(std::vector<std::int32_t> symbols, int inputs, int classes)
      : symbols_(std::move(symbols)), inputs_(inputs), classes_(classes) {}
  Facts facts() const override {
    return {.inputs = inputs_,
            .symbols = true,
            .outputs = classes_,
            .length = static_cast<int>(symbols_.size()),
            .loss = LossKind::cross_entropy,
            .readout = Readout::last};
  }
  std::int64_t examples(Stream) const override { return 1; }
  void draw(Key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(), static_cast<int>(examples.size()));
    for (std::size_t i = 0; i < out.symbol.size(); ++i)
      out.symbol[i] = symbols_[i / examples.size()];
  }

 private:
  std::vector<std::int32_t> symbols_;
  int inputs_, classes_;
};

}  // namespace

std::vector<ScoredToken> scored_tokens(RunEvaluator& evaluator, const Task& task) {
  TokenScorer scorer(task.stream(Stream::test), task.facts().outputs);
  evaluator.show(scorer);
  return scorer.take();
}

void running_predictions(const TrainedRun& run, const Config& config, const Task& task,
                         const std::atomic<bool>* stop,
                         const std::function<void(const RunningPrediction&)>& f) {
  const Facts facts = task.facts();
  if (facts.readout != Readout::last || facts.once || facts.values() || facts.second_length > 0)
    throw Error(Exit::usage, "the task does not classify sequences by their last step",
                "--per-token", "give a run of a language model or of such a classifier");
  const std::int64_t own = task.examples(Stream::test);
  const Prefixes prefixes(task, config.task_seed(), own > 0 ? own : config.data().test_examples);
  PrefixScorer scorer(prefixes, f);
  RunEvaluator(run, config, prefixes, stop).show(scorer);
}

std::unique_ptr<Task> one_text_task(const TrainedRun& run, std::string_view text,
                                    const std::string& where) {
  const std::vector<std::string>& known = run.source_symbols();
  if (known.empty() || run.symbols().empty())
    throw Error(Exit::usage, "the run does not read texts", where, "leave it out");
  const auto example = [&](std::vector<std::int32_t> symbols) {
    if (symbols.empty()) throw Error(Exit::data, "the text is empty", where, "give some");
    return std::make_unique<OneText>(std::move(symbols), static_cast<int>(known.size()),
                                     static_cast<int>(run.symbols().size()));
  };
  if (const auto tokens = run.note("tokens")) {
    const TextTokens cut{*tokens == "characters", run.note("lower_case") == "true"};
    return example(TextSymbols(cut, known).read(text, where).symbols);
  }
  const DecodedUtf8 decoded = decode_utf8(text);
  if (decoded.bytes < text.size())
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(decoded.bytes + 1), where,
                "give text in UTF-8");
  std::vector<std::string> tokens;
  if (one_character_each(known)) {
    for (const std::int32_t c : decoded.code_points)
      if (c != '\n' && c != '\r') tokens.push_back(encode_utf8(c));
  } else {
    for (const std::string_view word : words_of_line(text)) tokens.emplace_back(word);
  }
  const auto place = [&](std::string_view token) {
    return std::find(known.begin(), known.end(), token) - known.begin();
  };
  std::vector<std::int32_t> symbols;
  for (const std::string& token : tokens) {
    auto at = place(token);
    for (const char* stand_in : {unknown_word, "\xEF\xBF\xBD"})
      if (at == std::ssize(known)) at = place(stand_in);
    if (at == std::ssize(known))
      throw Error(Exit::data, "the model does not know '" + shown(token) + "'", where,
                  "use symbols of the data that it was trained on");
    symbols.push_back(static_cast<std::int32_t>(at));
  }
  return example(std::move(symbols));
}

}  // namespace rnnlab
