#include <catch2/catch.hpp>
#include <set>

#include "drawn.hpp"
#include "taught.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// A task in a size that is learned in seconds, and how much of chance may be left of its loss.
struct Lesson {
  const char* task;
  double left;
  std::vector<std::pair<std::string, std::string>> settings;
};

const std::vector<Lesson> lessons{
    {"adding", 0.5, {{"task.length", "10"}}},
    {"multiplication", 0.5, {{"task.length", "10"}}},
    {"copy", 0.5, {{"task.delay", "2"}, {"task.symbols", "3"}}},
    {"parity", 0.5, {{"task.length", "5"}, {"model.name", "lstm"}}},
    {"temporal-order", 0.5, {{"task.length", "12"}}},
    {"pulse", 0.5, {{"task.length", "10"}}},
    {"copy-sequence", 0.5, {{"task.length", "4"}, {"model.name", "seq2seq-attention"}}},
    {"reverse", 0.5, {{"task.length", "4"}, {"model.name", "seq2seq-attention"}}},
    {"sort", 0.5, {{"task.length", "4"}, {"model.name", "seq2seq"}}},
    {"reading", 0.7, {{"task.sentences", "2"}, {"model.name", "seq2seq-attention"}}},
    {"summarise",
     0.6,
     {{"task.length", "4"},
      {"task.keyed", "2"},
      {"task.alphabet", "4"},
      {"model.name", "seq2seq-attention"}}},
    {"reber", 0.6, {{"task.length", "10"}}},
    {"embedded-reber", 0.5, {{"task.length", "10"}, {"task.scored", "determined"}}},
    {"latch", 0.5, {{"task.length", "12"}, {"task.min_length", "10"}}},
    {"long-lag", 0.5, {{"task.length", "10"}, {"task.distractors", "9"}}},
    {"two-sided-lookup", 0.5, {{"task.length", "10"}, {"model.name", "bi-rnn"}}},
    {"bit-memory", 0.5, {{"task.length", "12"}}},
    {"counting", 0.5, {{"task.length", "10"}}},
    {"permutation", 0.5, {{"task.length", "8"}, {"task.alphabet", "12"}}},
    {"delayed-xor", 0.5, {{"task.length", "20"}, {"task.delay", "2"}}},
    {"arfima", 0.65, {{"task.length", "30"}}},
    {"marks", 0.5, {{"task.rows", "4"}, {"task.columns", "4"}, {"model.name", "md-lstm"}}},
    {"moving-mnist",
     0.5,
     {{"task.images", "made"}, {"task.size", "18"}, {"task.frames", "3"}, {"train.lr", "0.005"}}},
    {"even-pairs", 0.5, {{"task.length", "6"}, {"task.min_length", "3"}}},
    {"cycle-navigation", 0.5, {{"task.length", "4"}, {"task.min_length", "0"}}},
    {"modular-arithmetic", 0.8, {{"task.length", "3"}}},
    {"reverse-string", 0.5, {{"task.length", "4"}}},
    {"duplicate", 0.5, {{"task.length", "3"}}},
    {"odds-first", 0.5, {{"task.length", "4"}}},
    {"bucket-sort", 0.5, {{"task.length", "4"}}},
    {"stack-manipulation", 0.5, {{"task.length", "4"}}},
    {"missing-duplicate", 0.5, {{"task.length", "6"}, {"task.min_length", "4"}}},
    {"anbn", 0.5, {{"task.length", "4"}}},
    {"anbncn", 0.5, {{"task.length", "4"}}},
    {"dyck", 0.5, {{"task.length", "8"}}},
    {"repeat-copy", 0.6, {{"task.length", "2"}, {"task.repeats", "2"}, {"task.alphabet", "3"}}},
    {"associative-recall",
     0.6,
     {{"task.length", "2"}, {"task.letters", "3"}, {"task.digits", "3"}}},
    {"selective-copy", 0.6, {{"task.length", "5"}, {"task.symbols", "2"}, {"task.alphabet", "3"}}},
    {"spelling", 0.4, {{"task.lines", "1000"}, {"task.length", "30"}}},
    {"caption", 0.2, {{"model.input_at", "every-step"}}},
    {"melodies", 0.6, {{"task.length", "6"}, {"task.tonics", "3"}}},
    {"speech", 0.5, {{"task.letters", "2"}, {"task.min_letters", "1"}}},
    {"induction", 0.6, {{"task.length", "4"}, {"task.alphabet", "3"}}},
};

/// Tasks of which there is nothing to be learned, or which read a file of the user's and make no
/// data of their own.
bool nothing_to_learn(const TaskEntry& entry) {
  return entry.name == "noise" || (needs_a_file(entry) && entry.name != "moving-mnist");
}

Outcome outcome_of(const Lesson& lesson) {
  std::vector<std::pair<std::string, std::string>> settings{
      {"model.name", "gru"},  {"model.hidden", "32"},   {"train.optimizer", "adam"},
      {"train.lr", "0.01"},   {"train.clip_norm", "1"}, {"train.batch", "32"},
      {"train.steps", "600"}, {"train.eval_every", "0"}};
  for (const TaskEntry& entry : task_list()) {
    if (entry.name != lesson.task || !has_sizes(entry)) continue;
    settings.insert(settings.end(), {{"task.valid_examples", "32"}, {"task.test_examples", "256"}});
  }
  settings.insert(settings.end(), lesson.settings.begin(), lesson.settings.end());
  const Config config = configured(lesson.task, settings);
  const auto task = config.make_task();
  MemorySink sink;
  return taught(config, *task, sink, 1);
}

}  // namespace

TEST_CASE("learning: every task has a lesson", "[tasks][learning]") {
  std::set<std::string> taught;
  for (const Lesson& lesson : lessons) taught.insert(lesson.task);
  for (const TaskEntry& entry : task_list()) {
    CAPTURE(entry.name);
    CHECK(taught.contains(entry.name) != nothing_to_learn(entry));
  }
}

TEST_CASE("learning: a suitable model beats chance", "[tasks][learning]") {
  for (const Lesson& lesson : lessons) {
    CAPTURE(lesson.task);
    const double chance = configured(lesson.task, lesson.settings).make_task()->facts().chance_loss;
    const Outcome outcome = outcome_of(lesson);
    CHECK(outcome.ended == Ended::completed);
    CHECK(outcome.test_loss < lesson.left * chance);
  }
}
