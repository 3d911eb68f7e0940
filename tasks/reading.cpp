#include "reading.hpp"

#include <algorithm>
#include <map>

#include "stories.hpp"
#include "text_task.hpp"

namespace rnnlab {
namespace {

/// Reading comprehension: an article and a question are read by an encoder each, and the answer is
/// asked for, symbol by symbol up to its end.
///
///   x  anna went to the hall . ben took the ball . anna went to the attic .
///      where is anna ?                                                        y  attic <end>
///   x  ben took the ball . ben went to the study . anna went to the attic .
///      where is the ball ?                                                    y  study <end>
///
/// The stories are made (stories.hpp), or the user's: rows of article, question and answer.
class Reading final : public TextTask {
 public:
  struct Options {
    Stories::Options stories;
    TextFileOptions files;
    DataOptions data;

    void describe(OptionVisitor& v) {
      stories.describe(v);
      files.describe(v, "article, question, answer");
      data.describe(v);
    }
  };

  explicit Reading(const Options& o) : TextTask(set_of(o), o.data, o.files.seed) {}

  /// Shares of the test's questions.
  std::vector<Baseline> baselines() const override {
    std::map<std::vector<std::int32_t>, std::int64_t> answers;
    for_each(Stream::train, [&](const TextExample& e) { ++answers[e.target]; });
    const auto& most =
        *std::max_element(answers.begin(), answers.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; });
    std::vector<std::int32_t> answer_of(set().sources().size(), end_symbol);  // each word as one
    for (std::size_t s = 0; s < answer_of.size(); ++s) {
      const auto& targets = set().targets();
      const auto found = std::find(targets.begin(), targets.end(), set().sources()[s]);
      if (found == targets.end()) continue;
      const auto symbol = static_cast<std::int32_t>(found - targets.begin());
      if (answers.contains({symbol})) answer_of[s] = symbol;
    }
    double frequent = 0, last = 0, all = 0;
    for_each(Stream::test, [&](const TextExample& e) {
      std::vector<std::int32_t> named;
      for (const std::int32_t s : e.source) {
        const std::int32_t answer = answer_of[static_cast<std::size_t>(s)];
        if (answer != end_symbol) named.assign(1, answer);
      }
      frequent += e.target == most.first;
      last += e.target == named;
      ++all;
    });
    return {{"share right of the most frequent answer", frequent / all},
            {"share right of the last answer that the article names", last / all}};
  }

 private:
  static std::unique_ptr<TextSet> set_of(const Options& o) {
    if (o.files.path.empty()) return std::make_unique<Stories>(o.stories);
    return read_text_set(o.files, {"article", "question", "answer"});
  }
};

}  // namespace

TaskEntry reading_entry() {
  return task_entry<Reading>(
      "reading", "a text, a question about it and the answer: one, two or three facts apart",
      "x  anna went to the hall . anna went to the attic . ben went to the hall .\n"
      "   where is anna ?                                             y  attic <end>\n"
      "x  ben took the ball . ben went to the study . anna went to the attic .\n"
      "   where is the ball ?                                         y  study <end>",
      {});
}

}  // namespace rnnlab
