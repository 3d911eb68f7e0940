#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "drawn.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"
#include "train/gradcheck.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Reviews of both kinds: words of praise or blame among others; by character, in Chinese.
std::string made_reviews(bool chinese, std::uint32_t count) {
  using Words = std::vector<std::string>;
  const Words good = chinese ? Words{"好吃", "很快", "不错"} : Words{"Good", "fine", "funny"};
  const Words bad = chinese ? Words{"难吃", "太慢", "差评"} : Words{"bad", "dull", "Boring"};
  const Words rest =
      chinese ? Words{"送餐", "味道", "，", "今天"} : Words{"the", "film", ",", "story", "is"};
  std::string text = "label,review\n";
  for (std::uint32_t n = 0; n < count; ++n) {
    Rng rng({11, Stream::test}, n);
    const auto one_of = [&](const Words& words) {
      return words[rng.below(static_cast<std::uint32_t>(words.size()))] + (chinese ? "" : " ");
    };
    const bool positive = n % 3 > 0;
    std::string review;
    for (auto before = rng.below(4); before > 0; --before) review += one_of(rest);
    review += one_of(positive ? good : bad);
    for (auto behind = rng.below(4); behind > 0; --behind) review += one_of(rest);
    text += (positive ? "1,\"" : "0,\"") + review + "\"\n";
  }
  return text;
}

/// A corpus in a folder of its own.
class Made {
 public:
  explicit Made(const Settings& files) {
    for (const auto& [name, text] : files) write_file(scratch_.path(name), text);
  }
  std::string path(const std::string& name = "") const { return scratch_.path(name); }

 private:
  Scratch scratch_;
};

/// SST-2's files: a text, and the class of each.
Made made_split() {
  return Made(Settings{{"stsa.binary.train", "1 a good film\n0 a bad bad film\n1 Good\n0 \n"},
                       {"stsa.binary.dev", "0 a bad film indeed\n"},
                       {"stsa.binary.test", "1 good one\n0 film\n"}});
}

Config sentiment(const std::string& path, Settings settings = {}) {
  settings.insert(settings.begin(), {"task.path", path});
  return configured("sentiment", settings);
}

/// A drawn text, with the symbols' own texts.
std::string read_back(const Task& task, const Batch& batch, std::size_t b) {
  const auto symbols = task.source_symbols();
  std::string text;
  for (std::size_t t = 0; t < static_cast<std::size_t>(batch.length[b]); ++t) {
    const auto symbol = batch.symbol[t * static_cast<std::size_t>(batch.B) + b];
    text += (t > 0 ? " " : "") + symbols[static_cast<std::size_t>(symbol)];
  }
  return text + " / " + task.symbols()[static_cast<std::size_t>(batch.label[b])];
}

std::vector<std::string> all_of(const Task& task, Stream split) {
  const auto count = static_cast<std::size_t>(task.examples(split));
  const Batch batch = drawn(task, split, 0, count);
  std::vector<std::string> texts;
  for (std::size_t b = 0; b < count; ++b) texts.push_back(read_back(task, batch, b));
  return texts;
}

const Settings small{{"model.name", "gru"},   {"model.hidden", "5"}, {"model.embedding", "3"},
                     {"train.batch", "2"},    {"train.steps", "4"},  {"train.eval_every", "0"},
                     {"task.min_count", "1"}, {"train.lr", "0.1"}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

const std::string vectors = "film 1 2 3\nnever 9 9 9\ngood -1 0.5 0.25\n";

}  // namespace

TEST_CASE("sentiment: a corpus' own split, token by token", "[tasks][sentiment]") {
  const Made made = made_split();
  const auto task = sentiment(made.path(), {{"task.min_count", "1"}}).make_task();
  const std::string unknown = "\xEF\xBF\xBD";
  // By frequency in training, then by their bytes.
  CHECK(task->source_symbols() == std::vector<std::string>{unknown, "a", "bad", "film", "good"});
  CHECK(task->symbols() == std::vector<std::string>{"negative", "positive"});
  CHECK(all_of(*task, Stream::train) ==
        std::vector<std::string>{"a good film / positive", "a bad bad film / negative",
                                 "good / positive", unknown + " / negative"});
  CHECK(all_of(*task, Stream::valid) ==
        std::vector<std::string>{"a bad film " + unknown + " / negative"});
  CHECK(all_of(*task, Stream::test) ==
        std::vector<std::string>{"good " + unknown + " / positive", "film / negative"});
  CHECK(task->facts().length == 4);
  CHECK(task->facts().chance_loss == Approx(std::log(2.0)));
  const auto lengths = task->example_lengths();
  CHECK(std::vector<std::int32_t>(lengths.begin(), lengths.end()) ==
        std::vector<std::int32_t>{3, 4, 1, 1});
  CHECK(task->data_sha256().size() == 64);

  const auto cased =
      sentiment(made.path(), {{"task.min_count", "1"}, {"task.lower_case", "false"}}).make_task();
  CHECK(cased->source_symbols() ==
        std::vector<std::string>{unknown, "a", "bad", "film", "Good", "good"});
  const auto few =
      sentiment(made.path(), {{"task.min_count", "2"}, {"task.vocabulary", "3"}}).make_task();
  CHECK(few->source_symbols() == std::vector<std::string>{unknown, "a", "bad"});
  const auto cut = sentiment(made.path(), {{"task.min_count", "1"}, {"task.length", "2"}});
  CHECK(all_of(*cut.make_task(), Stream::train)[1] == "a bad / negative");
  CHECK(cut.make_task()->facts().length == 2);
}

TEST_CASE("sentiment: Chinese goes by character", "[tasks][sentiment]") {
  const Made made(Settings{{"r.csv", "label,review\n1,好 A\n0,慢\n1,好\n0,慢\n1,好\n0,慢\n"}});
  const auto task =
      sentiment(made.path("r.csv"), {{"task.min_count", "1"}, {"task.folds", "3"}}).make_task();
  const auto symbols = task->source_symbols();
  CHECK(std::count(symbols.begin(), symbols.end(), "好") == 1);
  CHECK(task->notes()[0] == std::pair<std::string, std::string>{"tokens", "characters"});
  const auto words = sentiment(made.path("r.csv"), {{"task.tokens", "words"}}).make_task();
  CHECK(words->notes()[0].second == "words");
}

TEST_CASE("sentiment: folds are stratified, disjoint and a function of the seed",
          "[tasks][sentiment]") {
  std::string text;
  for (int n = 0; n < 60; ++n)
    text += std::string(n < 20 ? "1" : "0") + " w" + std::to_string(n) + "\n";
  const Made made(Settings{{"texts", text}});
  const auto parts = [&](int fold, int seed) {
    const auto task = sentiment(made.path("texts"), {{"task.fold", std::to_string(fold)},
                                                     {"task.seed", std::to_string(seed)},
                                                     {"task.folds", "6"},
                                                     {"task.min_count", "1"}})
                          .make_task();
    std::array<std::vector<std::string>, 3> found;
    // Texts that training does not have read as unknown, so classes and sizes are counted.
    for (const Stream split : {Stream::train, Stream::valid, Stream::test})
      found[split == Stream::train ? 0 : split == Stream::valid ? 1 : 2] = all_of(*task, split);
    return found;
  };
  std::multiset<std::string> trained;
  std::set<std::vector<std::string>> of_training;
  for (int fold = 0; fold < 6; ++fold) {
    const auto found = parts(fold, 1);
    CHECK(found[0].size() == 40);
    CHECK(found[1].size() == 10);
    CHECK(found[2].size() == 10);
    for (std::size_t part : {1u, 2u}) {
      const auto positive = std::count_if(found[part].begin(), found[part].end(),
                                          [](const auto& t) { return t.ends_with("positive"); });
      CHECK((positive == 3 || positive == 4));
    }
    trained.insert(found[0].begin(), found[0].end());
    of_training.insert(found[0]);
  }
  // Every text trains in all folds but the two in which it is held out.
  const std::set<std::string> different(trained.begin(), trained.end());
  CHECK(different.size() == 60);
  for (const std::string& one : different) CHECK(trained.count(one) == 4);
  CHECK(of_training.size() == 6);
  CHECK(parts(2, 1) == parts(2, 1));
  CHECK(parts(2, 1)[0] != parts(2, 2)[0]);
}

TEST_CASE("sentiment: baselines", "[tasks][sentiment]") {
  const Made made(Settings{{"stsa.binary.train", "1 good\n1 good film\n0 bad\n1 not bad\n"},
                           {"stsa.binary.dev", "0 bad\n"},
                           {"stsa.binary.test", "1 not bad\n0 bad\n1 fine\n0 bad bad\n"}});
  const auto baselines = sentiment(made.path()).make_task()->baselines();
  REQUIRE(baselines.size() == 3);
  CHECK(baselines[0].value == 0.5);
  // P(positive) = 3/4, P(bad | 1) = 2/9, P(bad | 0) = 2/5, P(not | 1) = 2/9, P(not | 0) = 1/5:
  // bad alone is positive, 1/6 to 1/10.
  CHECK(baselines[1].name == "naive Bayes of words");
  CHECK(baselines[1].value == 0.5);
  CHECK(baselines[2].name == "naive Bayes of words and pairs");
  CHECK(baselines[2].value == 0.5);  // 2/13 · 3/4 to 2/7 · 1/4
}

TEST_CASE("sentiment: naive Bayes on corpora as they are published", "[tasks][sentiment]") {
  if (!corpus("sst2") || !corpus("rt-polarity") || !corpus("chinese-sentiment")) {
    WARN("skipped: no sst2, rt-polarity and chinese-sentiment in RNNLAB_TEST_DATA");
    return;
  }
  const auto pairs = [](const std::string& name, const Settings& settings) {
    return sentiment(*corpus(name), settings).make_task()->baselines()[2].value;
  };
  CHECK(pairs("sst2", {}) == Approx(0.825).margin(0.001));
  double mean = 0;
  // Nine tenths of the texts to count in, as in 10-fold cross-validation without validation.
  for (int fold = 0; fold < 20; fold += 4) {
    mean += pairs("rt-polarity", {{"task.folds", "20"}, {"task.fold", std::to_string(fold)}}) / 5;
  }
  CHECK(mean == Approx(0.787).margin(0.012));
  mean = 0;
  for (int seed = 0; seed < 3; ++seed) {
    mean += pairs("chinese-sentiment",
                  {{"task.corpus", "waimai"}, {"task.seed", std::to_string(seed)}}) /
            3;
  }
  CHECK(mean == Approx(0.882).margin(0.008));
}

TEST_CASE("sentiment: the embedding begins with the vectors", "[tasks][sentiment]") {
  const Made made = made_split();
  const Made file(Settings{{"v.txt", vectors}});
  const auto at_first = [&](const Settings& more) {
    const Config config = sentiment(made.path(), with(small, more));
    const auto task = config.make_task();
    Pool pool(1);
    const Stepper<float> stepper(*task, config.data(), config.task_seed(), config.model(),
                                 config.train(), pool);
    const auto theta = stepper.parameters();
    return std::pair{
        std::vector<float>(theta.begin(), theta.end()),
        *std::find_if(stepper.model().parameters().begin(), stepper.model().parameters().end(),
                      [](const auto& p) { return p.name == "embedding.weight"; })};
  };
  const auto [plain, embedding] = at_first({});
  const auto [pretrained, same] = at_first({{"task.vectors", file.path("v.txt")}});
  REQUIRE(embedding.rows == 5);
  // Symbols: U+FFFD, a, bad, film, good.
  std::vector<float> expected = plain;
  const std::vector<float> film{1, 2, 3}, good{-1, 0.5f, 0.25f};
  std::copy(film.begin(), film.end(), expected.begin() + embedding.offset + 3 * 3);
  std::copy(good.begin(), good.end(), expected.begin() + embedding.offset + 4 * 3);
  CHECK(pretrained == expected);

  const Config config = sentiment(made.path(), with(small, {{"task.vectors", file.path("v.txt")}}));
  const auto notes = config.make_task()->notes();
  CHECK(notes.back() == std::pair<std::string, std::string>{"pretrained_symbols", "2 of 5"});
  CHECK_THROWS_WITH(
      at_first({{"task.vectors", file.path("v.txt")}, {"model.embedding", "4"}}),
      Contains("3 wide") && Contains("embedding of 4") && Contains("model.embedding = 3"));
  CHECK_THROWS_WITH(at_first({{"task.vectors", file.path("v.txt")}, {"model.embedding", "0"}}),
                    Contains("no embedding"));
  // Another file, another run.
  const Made other(Settings{{"v.txt", vectors + "bad 1 1 1\n"}, {"same.txt", vectors}});
  const auto id = [&](const std::string& path) {
    return sentiment(made.path(), with(small, {{"task.vectors", path}})).id();
  };
  CHECK(id(file.path("v.txt")) == id(other.path("same.txt")));
  CHECK(id(file.path("v.txt")) != id(other.path("v.txt")));
}

TEST_CASE("sentiment: a run that begins with vectors goes on as if it had not stopped",
          "[tasks][sentiment]") {
  const Made made = made_split();
  const Made file(Settings{{"v.txt", vectors}});
  const Config config = sentiment(made.path(), with(small, {{"task.vectors", file.path("v.txt")}}));
  const auto task = config.make_task();
  std::vector<Snapshot> kept;
  const auto run = [&](MemorySink& sink, const State* from) {
    return train({.task = *task,
                  .data = config.data(),
                  .task_seed = 0,
                  .model = config.model(),
                  .train = config.train(),
                  .record = {.instruments = ""},
                  .sink = sink,
                  .keep = [&](const Snapshot& s) { kept.push_back(s); },
                  .keep_every = 2,
                  .from = from});
  };
  MemorySink whole, rest;
  run(whole, nullptr);
  REQUIRE(kept.size() >= 1);
  const Snapshot middle = kept.front();
  REQUIRE(middle.step == 2);
  rest.earlier = &whole;
  rest.earlier_rows = middle.rows;
  run(rest, &middle.state);
  require_same(whole, rest);
  // U+FFFD, a, bad, film, good: film is in use, and trained on.
  const auto& learned = whole.arrays.at("model/parameters/embedding.weight");
  CHECK(learned[3 * 3] != 1);
  CHECK(std::abs(learned[3 * 3] - 1) < 1);
}

TEST_CASE("sentiment: reviews are learned, in both languages", "[tasks][sentiment]") {
  const bool chinese = GENERATE(false, true);
  const Made made(Settings{{"r.csv", made_reviews(chinese, 300)}});
  const Config config = sentiment(made.path("r.csv"), {{"model.name", "gru"},
                                                       {"model.hidden", "16"},
                                                       {"model.embedding", "8"},
                                                       {"train.optimizer", "adam"},
                                                       {"train.lr", "0.01"},
                                                       {"train.batch", "20"},
                                                       {"train.steps", "200"},
                                                       {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink, 1);
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_metric > 0.9);
  const auto& test = sink.tables.at("metrics/test");
  CHECK(test.column("f1").at(0) > 0.9);
  CHECK(test.column("macro_f1").at(0) > 0.85);
}

TEST_CASE("sentiment: drawing is pure, the gradient holds", "[tasks][sentiment]") {
  const Made made(Settings{{"r.csv", made_reviews(false, 60)}});
  const auto task = sentiment(made.path("r.csv"), {{"task.min_count", "1"}}).make_task();
  const Batch batch = drawn(*task, Stream::train, 0, 10);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const Batch one = drawn(*task, Stream::train, i, 1);
    CHECK(read_back(*task, one, 0) == read_back(*task, batch, i));
    CHECK(batch.length[i] == task->example_lengths()[i]);
  }
  ModelOptions options;
  options.cell = "gru";
  options.hidden = 4;
  options.embedding = 3;
  options.direction = GENERATE("forward", "bidirectional");
  for (const GradientError& e : gradcheck(*task, options, 1, 3)) {
    CAPTURE(options.direction, e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("sentiment: what cannot be is told in one line", "[tasks][sentiment]") {
  const Made made(Settings{{"texts", "1 good\n0 bad\n"}});
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  CHECK_THROWS_WITH(configured("sentiment").make_task(), Contains("task.path"));
  CHECK_THROWS_WITH(sentiment(made.path("texts")).make_task(), Contains("2 texts leave none for"));
  CHECK_THROWS_WITH(sentiment(made.path("texts"), {{"task.fold", "10"}}).make_task(),
                    Contains("no fold 10") && Contains("0 .. 9"));
}
