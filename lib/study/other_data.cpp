#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "data/corpus.hpp"
#include "data/language_model_task.hpp"
#include "data/token_task.hpp"
#include "data/token_vocabulary.hpp"
#include "study/evaluation.hpp"

namespace rnnlab {
namespace {

/// Where each symbol of one vocabulary stands in another.
class SymbolMap {
 public:
  SymbolMap(const std::vector<std::string>& from, const std::vector<std::string>& to,
            const std::string& what)
      : width_(to.size()) {
    std::unordered_map<std::string, std::int32_t> place;
    for (const std::string& text : to) place.emplace(text, static_cast<std::int32_t>(place.size()));
    std::int32_t unknown = -1;
    for (const char* stand_in : {unknown_word, "\xEF\xBF\xBD"})
      if (const auto found = place.find(stand_in); found != place.end()) unknown = found->second;
    for (const std::string& text : from) {
      const auto found = place.find(text);
      to_.push_back(found == place.end() ? unknown : found->second);
      if (to_.back() >= 0) continue;
      throw Error(Exit::data, "the model does not know the " + what + " '" + shown(text) + "'",
                  "task.path", "give data of the same kind as in training");
    }
  }
  void apply(std::vector<std::int32_t>& symbols) const {
    for (std::int32_t& symbol : symbols) symbol = to_[static_cast<std::size_t>(symbol)];
  }
  /// Of vectors with an entry for each symbol.
  void apply(std::vector<float>& vectors) const {
    const std::size_t columns = vectors.size() / to_.size();
    std::vector<float> mapped(columns * width_, 0.0f);
    for (std::size_t b = 0; b < columns; ++b)
      for (std::size_t i = 0; i < to_.size(); ++i)
        mapped[b * width_ + static_cast<std::size_t>(to_[i])] = vectors[b * to_.size() + i];
    vectors = std::move(mapped);
  }

 private:
  std::vector<std::int32_t> to_;
  std::size_t width_;  // how many symbols there are of the other vocabulary
};

class TaskInOtherSymbols final : public Task {
 public:
  TaskInOtherSymbols(std::unique_ptr<Task> task, std::vector<std::string> classes,
                     std::vector<std::string> inputs, std::vector<std::string> given)
      : task_(std::move(task)),
        facts_(task_->facts()),
        classes_(std::move(classes)),
        given_(std::move(given)) {
    const std::vector<std::string> own_classes = task_->symbols(),
                                   own_inputs = task_->source_symbols();
    same_classes_ = own_classes == classes_;
    class_map_.emplace_back(own_classes, classes_, "class");
    if (!classes_.empty()) facts_.outputs = static_cast<int>(classes_.size());
    given_map_.emplace_back(task_->given_symbols(), given_, "class");
    if (!given_.empty()) facts_.given = static_cast<int>(given_.size());
    if (own_inputs.empty() && facts_.symbols) facts_.inputs = facts_.outputs;
    if (own_inputs.empty()) return;
    input_map_.emplace_back(own_inputs, inputs, "symbol");
    facts_.inputs = static_cast<int>(inputs.size());
  }

  Facts facts() const override { return facts_; }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    task_->draw(key, examples, out);
    class_map_.front().apply(out.label);
    if (!given_.empty()) given_map_.front().apply(out.given);
    if (input_map_.empty()) {
      class_map_.front().apply(out.symbol);
      return;
    }
    input_map_.front().apply(out.symbol);
    input_map_.front().apply(out.second.symbol);
  }
  std::int64_t stream(Stream split) const override { return task_->stream(split); }
  std::int64_t examples(Stream split) const override { return task_->examples(split); }
  std::vector<std::string> symbols() const override { return classes_; }
  std::vector<std::string> given_symbols() const override { return given_; }
  std::vector<Baseline> baselines() const override { return task_->baselines(); }
  // A scorer knows its own task's classes.
  std::vector<TestMetric> test_metrics() const override {
    return same_classes_ ? task_->test_metrics() : std::vector<TestMetric>();
  }
  std::unique_ptr<Scorer> scorer(Stream split) const override {
    return same_classes_ ? task_->scorer(split) : nullptr;
  }

 private:
  std::unique_ptr<Task> task_;
  Facts facts_;
  std::vector<std::string> classes_, given_;
  bool same_classes_;
  // One each; none of inputs without texts of their own, which are those of classes.
  std::vector<SymbolMap> class_map_, input_map_, given_map_;
};

/// The whole of another text, whose baselines are counted in the text of training.
class WholeText final : public LanguageModelTask {
 public:
  WholeText(LanguageData data, std::vector<Baseline> baselines)
      : LanguageModelTask(std::move(data)), baselines_(std::move(baselines)) {}
  std::vector<Baseline> baselines() const override { return baselines_; }

 private:
  std::vector<Baseline> baselines_;
};

std::vector<std::int32_t> encoded(const TextVocabulary& vocabulary, std::string_view text,
                                  const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::int32_t> ids;
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto line = vocabulary.encode(text.substr(0, end), line_name(where, number), Exit::data);
    ids.insert(ids.end(), line.begin(), line.end());
    text.remove_prefix(end);
  }
  return ids;
}

}  // namespace

std::unique_ptr<Task> in_symbols_of(const TrainedRun& run, std::unique_ptr<Task> task) {
  const std::vector<std::string> given = run.texts("classes");
  const auto same = [&] {
    return task->source_symbols() == run.source_symbols() && task->symbols() == run.symbols() &&
           task->given_symbols() == given;
  };
  if (same()) return task;
  const std::vector<std::string>& known = run.source_symbols();
  if (auto* texts = dynamic_cast<TokenTask*>(task.get());
      texts && std::find(known.begin(), known.end(), unknown_token) != known.end())
    texts->read_by(known, run.symbols());
  if (same()) return task;
  if (task->symbols().empty() != run.symbols().empty() ||
      task->source_symbols().empty() != run.source_symbols().empty() ||
      task->given_symbols().empty() != given.empty()) {
    throw Error(Exit::data, "the data have other symbols than those of training", "task.path",
                "give data of the same kind as in training");
  }
  const Facts facts = task->facts();
  const bool reads_classes = facts.readout == Readout::every && facts.inputs == facts.outputs;
  if (task->source_symbols().empty() && facts.symbols && !reads_classes) {
    throw Error(Exit::data, "the data have other symbols than those of training", "task.path",
                "give data with the same ones");
  }
  return std::make_unique<TaskInOtherSymbols>(std::move(task), run.symbols(), run.source_symbols(),
                                              given);
}

std::unique_ptr<Task> whole_text_task(const TextVocabulary& vocabulary, std::string_view text,
                                      const std::string& where, int length, const Task* training) {
  std::vector<std::int32_t> ids;
  if (const auto end = vocabulary.line_end()) ids.push_back(*end);
  const std::vector<std::int32_t> read = encoded(vocabulary, text, where);
  ids.insert(ids.end(), read.begin(), read.end());
  if (ids.size() < 2)
    throw Error(Exit::data, "there is nothing to predict in the text", where, "give a longer one");
  std::vector<Baseline> baselines;
  const std::span<const std::int32_t> scored = std::span<const std::int32_t>(ids).subspan(1);
  if (const auto* own = dynamic_cast<const LanguageModelTask*>(training);
      own && own->symbols() == vocabulary.symbols()) {
    baselines = language_baselines(vocabulary.unit(), own->training(), scored, vocabulary.size());
  }
  LanguageData data{.unit = vocabulary.unit(),
                    .symbols = vocabulary.symbols(),
                    .ids = {},
                    .begin = {1, 1, 1},
                    .end = {1, ids.size(), ids.size()},
                    .length = length};
  data.ids = std::move(ids);
  return std::make_unique<WholeText>(std::move(data), std::move(baselines));
}

}  // namespace rnnlab
