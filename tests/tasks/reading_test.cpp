#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "assign_all.hpp"
#include "base/error.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Words = std::vector<std::string>;

Words words_of(const std::vector<std::string>& texts, const std::vector<std::int32_t>& symbols,
               std::size_t b, std::size_t B, int steps) {
  Words words;
  for (int t = 0; t < steps; ++t)
    words.push_back(texts[static_cast<std::size_t>(symbols[static_cast<std::size_t>(t) * B + b])]);
  return words;
}

struct Story {
  std::vector<Words> sentences;
  Words question, answer;
};

std::vector<Story> stories(const Task& task, std::size_t count) {
  const Batch batch = drawn(task, Stream::train, 0, count);
  std::vector<Story> all;
  for (std::size_t b = 0; b < count; ++b) {
    Story story;
    Words sentence;
    for (const std::string& word :
         words_of(task.source_symbols(), batch.symbol, b, count, batch.length[b])) {
      sentence.push_back(word);
      if (word != ".") continue;
      story.sentences.push_back(sentence);
      sentence.clear();
    }
    CHECK(sentence.empty());
    story.question =
        words_of(task.source_symbols(), batch.second.symbol, b, count, batch.second.length[b]);
    story.answer = words_of(task.symbols(), batch.label, b, count, batch.target_steps[b]);
    all.push_back(story);
  }
  return all;
}

/// Answers by keeping track of who is where and has what; `needed` is the last sentence that
/// changed what the question is about.
std::string answered(const Story& story, std::size_t& needed) {
  std::map<std::string, Words> rooms_of;  // of a person or thing, in the order of the visits
  std::map<std::string, std::string> holder;
  std::map<std::string, std::size_t> moved;
  for (std::size_t i = 0; i < story.sentences.size(); ++i) {
    const Words& s = story.sentences[i];
    if (s[1] == "took") {
      holder[s[3]] = s[0];
      moved[s[3]] = i;
      if (!rooms_of[s[0]].empty()) rooms_of[s[3]].push_back(rooms_of[s[0]].back());
      continue;
    }
    rooms_of[s[0]].push_back(s[4]);
    moved[s[0]] = i;
    for (const auto& [thing, person] : holder) {
      if (person != s[0]) continue;
      rooms_of[thing].push_back(s[4]);
      moved[thing] = i;
    }
  }
  const Words& q = story.question;
  const std::string& about = q[1] == "is" && q[2] != "the" ? q[2] : q[3];
  needed = moved.at(about);
  const Words& rooms = rooms_of.at(about);
  if (q[1] == "is") return rooms.back();
  REQUIRE(rooms.size() >= 2);
  CHECK(rooms.back() == q[6]);
  return rooms[rooms.size() - 2];
}

}  // namespace

TEST_CASE("reading: whoever keeps track of the story knows the answer", "[tasks][reading]") {
  for (const char* const supporting : {"1", "2", "3"}) {
    CAPTURE(supporting);
    const auto task = task_of("reading", {{"supporting", supporting}, {"sentences", "9"}});
    std::map<std::string, int> answers;
    std::set<std::size_t> behind;
    for (const Story& story : stories(*task, 600)) {
      std::size_t needed = 0;
      CHECK(story.sentences.size() == 9);
      CHECK(story.question.back() == "?");
      CHECK(story.answer == Words{answered(story, needed), "<end>"});
      ++answers[story.answer.front()];
      behind.insert(8 - needed);
    }
    CHECK(answers.size() == 6);
    for (const auto& [room, count] : answers) CHECK(count == Approx(100).margin(45));
    CHECK(behind.size() == 10u - static_cast<std::size_t>(supporting[0] - '0'));
  }
}

TEST_CASE("reading: the last sentence that is needed stands where it is asked to",
          "[tasks][reading]") {
  for (const char* const supporting : {"1", "2", "3"}) {
    const auto task =
        task_of("reading", {{"supporting", supporting}, {"sentences", "8"}, {"behind", "4"}});
    for (const Story& story : stories(*task, 100)) {
      std::size_t needed = 0;
      answered(story, needed);
      CHECK(needed == 3);
    }
  }
}

TEST_CASE("reading: chance, plateau and what simple predictors reach", "[tasks][reading]") {
  const auto three = task_of("reading", {{"supporting", "3"}});
  CHECK(three->facts().chance_loss == Approx(std::log(6) / 2));
  REQUIRE(three->plateaus().size() == 2);
  CHECK(three->plateaus()[1].loss == Approx(std::log(5) / 2));
  CHECK(task_of("reading", {})->plateaus().size() == 1);
  // With no sentence behind, the last room of the story is where one is, and was not before.
  const auto one = task_of("reading", {{"behind", "0"}});
  CHECK(one->baselines()[0].value == Approx(1 / 6.0).margin(0.05));
  CHECK(one->baselines()[1].value == 1);
  CHECK(task_of("reading", {{"supporting", "3"}, {"behind", "0"}})->baselines()[1].value == 0);
}

TEST_CASE("reading: stories that cannot be are refused", "[tasks][reading]") {
  CHECK_THROWS_WITH(task_of("reading", {{"supporting", "3"}, {"sentences", "2"}}),
                    Contains("task.sentences") && Contains("at least 3"));
  CHECK_THROWS_WITH(task_of("reading", {{"sentences", "5"}, {"behind", "5"}}),
                    Contains("at least 6"));
}

TEST_CASE("reading: articles, questions and answers of the user's", "[tasks][reading]") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::string colour = i % 2 == 0 ? "red" : "dark blue";
    text += "Box " + std::to_string(i / 2) + " is here. It is " + colour + ".\tWhat colour " +
            (i % 3 == 0 ? "has it" : "is the box") + "?\t" + colour + "\n";
  }
  write_file(scratch.path("boxes.tsv"), text);
  const std::map<std::string, std::string> options{{"path", scratch.path("boxes.tsv")},
                                                   {"min_count", "1"}};
  const auto task = task_of("reading", options);
  const Facts facts = task->facts();
  CHECK(task->examples(Stream::train) == 32);
  CHECK(task->examples(Stream::valid) == 4);
  CHECK(task->examples(Stream::test) == 4);
  CHECK(task->example_lengths().size() == 32);
  CHECK(facts.length == 10);
  CHECK(facts.second_length == 6);
  CHECK(facts.target_length == 3);
  CHECK(task->symbols() == Words{"<end>", "\xEF\xBF\xBD", "blue", "dark", "red"});
  CHECK(task->data_sha256().size() == 64);
  CHECK(facts.chance_loss > 0);
  const Batch batch = drawn(*task, Stream::test, 0, 4);
  for (std::size_t b = 0; b < 4; ++b) {
    const Words article = words_of(task->source_symbols(), batch.symbol, b, 4, batch.length[b]),
                answer = words_of(task->symbols(), batch.label, b, 4, batch.target_steps[b]);
    const bool red = article[article.size() - 2] == "red";
    CHECK(answer == (red ? Words{"red", "<end>"} : Words{"dark", "blue", "<end>"}));
    CHECK(words_of(task->source_symbols(), batch.second.symbol, b, 4, batch.second.length[b])[1] ==
          "colour");
    CHECK(batch.weight[static_cast<std::size_t>(batch.target_steps[b] - 1) * 4 + b] == 1);
    if (red) CHECK(batch.weight[2 * 4 + b] == 0);
  }
  CHECK(drawn(*task, Stream::test, 4, 4).symbol == batch.symbol);  // they begin anew

  auto shorter = options;
  shorter["text_length"] = "9";
  const auto kept = task_of("reading", shorter);
  CHECK(kept->examples(Stream::train) < 32);
  shorter["text_length"] = "3";
  CHECK_THROWS_WITH(task_of("reading", shorter),
                    Contains("no row is left") && Contains("task.text_length"));
  write_file(scratch.path("boxes.tsv"), text + "two\tcolumns\n");
  CHECK_THROWS_WITH(
      task_of("reading", options),
      Contains("boxes.tsv:41") && Contains("article, a tab, question, a tab, answer"));
}
