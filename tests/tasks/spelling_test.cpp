#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "assign_all.hpp"
#include "base/error.hpp"
#include "data/edit_distance.hpp"
#include "data/language_model_task.hpp"
#include "data/typos.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::string text_of(const Task& task, Stream split) {
  return dynamic_cast<const LanguageModelTask&>(task).text(split);
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (const WordPlace& p : word_places(line)) words.push_back(line.substr(p.begin, p.size));
  return words;
}

double value_of(const std::vector<Baseline>& baselines, const std::string& name) {
  for (const Baseline& b : baselines)
    if (b.name == name) return b.value;
  FAIL("no baseline " << name);
  return 0;
}

/// Of the words that are mistyped, those that the nearest and most frequent word of the training
/// text puts right, found among all of them: the share.
double share_by_frequency(const Task& task, double typos, double cost) {
  const WordList list(text_of(task, Stream::train), "t");
  const std::vector<std::string> training = words_of(text_of(task, Stream::train));
  const std::set<std::string> known(training.begin(), training.end());
  std::map<std::string, double> counts;
  for (const std::string& word : training) ++counts[word];
  double all = 0, right = 0;
  std::uint64_t number = 0;
  for (const std::string& line : split(text_of(task, Stream::test), '\n')) {
    const MistypedLine wrong = mistyped(line, list, typos, {0, Stream::generate}, ++number);
    const auto before = words_of(line), after = words_of(wrong.text);
    for (const std::size_t w : wrong.words) {
      std::string best;
      double most = -1e9;
      for (const std::string& word : known) {
        const int d = edit_distance(code_points(word), code_points(after.at(w)));
        const double score = std::log(counts[word]) - cost * d;
        if (d <= 2 && score > most) {
          most = score;
          best = word;
        }
      }
      right += best == before.at(w);
      ++all;
    }
  }
  return right / all;
}

}  // namespace

TEST_CASE("spelling: the words of a made line agree, and stems lie apart", "[tasks][spelling]") {
  const auto task = task_of("spelling", {{"classes", "3"}, {"stems", "5"}, {"lines", "500"}});
  const std::string text = text_of(*task, Stream::train);
  std::set<std::string> stems;
  std::map<char, int> classes;
  std::vector<std::string> lines = split(text, '\n');
  lines.pop_back();            // cut off
  for (const std::string& line : lines) {
    CAPTURE(line);
    const auto words = words_of(line);
    CHECK(words.size() == 8);
    for (const std::string& word : words) {
      CHECK(word.front() == line.front());
      stems.insert(word.substr(1));
    }
    ++classes[line.front()];
  }
  CHECK(stems.size() == 5);
  for (const std::string& a : stems)
    for (const std::string& b : stems)
      CHECK((a == b || edit_distance(code_points(a), code_points(b)) >= 2));
  REQUIRE(classes.size() == 3);
  const auto n = static_cast<double>(lines.size());
  for (const auto& [letter, count] : classes)
    CHECK(std::abs(count - n / 3) < 4 * std::sqrt(n * 2 / 9));
  // The same text whenever it is asked for.
  CHECK(text_of(*task_of("spelling", {{"classes", "3"}, {"stems", "5"}, {"lines", "500"}}),
                Stream::train) == text);
}

TEST_CASE("spelling: the baseline is the most frequent of the nearest words", "[tasks][spelling]") {
  const Scratch scratch;
  std::string path;
  if (GENERATE(false, true)) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += i % 5 ? "the cat sat there\n" : "a hat is here then\n";
    path = scratch.path("a.txt");
    write_file(path, text);
  }
  const auto task =
      task_of("spelling", {{"path", path}, {"lines", "600"}, {"typos", "0.3"}, {"length", "20"}});
  const auto baselines = task->baselines();
  CHECK(value_of(baselines, "typos_right of the words' frequencies") ==
        Approx(share_by_frequency(*task, 0.3, 9)));
  CHECK(value_of(baselines, "bigram") > 0);
}

TEST_CASE("spelling: a model that has learned the agreement is ahead of frequencies",
          "[tasks][spelling]") {
  const Config config = configured("spelling", {{"task.classes", "6"},
                                                {"task.stems", "8"},
                                                {"task.words", "5"},
                                                {"task.lines", "1500"},
                                                {"task.length", "30"},
                                                {"model.name", "gru"},
                                                {"model.hidden", "32"},
                                                {"train.optimizer", "adam"},
                                                {"train.lr", "0.01"},
                                                {"train.clip_norm", "1"},
                                                {"train.batch", "16"},
                                                {"train.steps", "400"},
                                                {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  REQUIRE(taught(config, *task, sink).ended == Ended::completed);
  const auto& test = sink.tables.at("metrics/test");
  const double right = test.column("typos_right").back(),
               gain = test.column("typos_right_gain").back(),
               words = test.column("words_right").back();
  const double by_frequency = value_of(task->baselines(), "typos_right of the words' frequencies");
  CAPTURE(right, gain, words, by_frequency);
  CHECK(gain == Approx(right - by_frequency));
  CHECK(by_frequency < 0.85);
  CHECK(right > 0.9);
  CHECK(words > 0.97);
}

TEST_CASE("spelling: what cannot be tested is refused", "[tasks][spelling]") {
  CHECK_THROWS_WITH(task_of("spelling", {{"stems", "70"}}), Contains("task.stems"));
  const Scratch scratch;
  write_file(scratch.path("a.txt"), std::string(400, 'x') + "\n");
  CHECK_THROWS_WITH(task_of("spelling", {{"path", scratch.path("a.txt")}, {"length", "20"}}),
                    Contains("no word of the test is mistyped"));
  CHECK_THROWS_WITH(task_of("spelling", {{"corpus", "nothing"}}),
                    Contains("nothing") && Contains("task.corpus"));
}
