#include <catch2/catch.hpp>
#include <cmath>

#include "assign_all.hpp"
#include "base/error.hpp"
#include "data/corpora.hpp"
#include "environment.hpp"
#include "error_of.hpp"
#include "files.hpp"
#include "nn/losses/loss.hpp"
#include "record/scratch.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::string spelled(const Task& task, const std::vector<std::int32_t>& ids, const Batch& batch,
                    int column) {
  const auto symbols = task.symbols();
  std::string text;
  for (int t = 0; t < batch.length[static_cast<std::size_t>(column)]; ++t)
    text += (t ? " " : "") +
            symbols[static_cast<std::size_t>(ids[static_cast<std::size_t>(t * batch.B + column)])];
  return text;
}

/// A corpus of three files.
class Parts {
 public:
  Parts(const std::string& prefix, const std::string& suffix) {
    write_file(path(prefix + "train" + suffix), "the cat sat\na dog sat\n\nthe dog ran\n");
    write_file(path(prefix + "valid" + suffix), "a cat ran\n");
    write_file(path(prefix + "test" + suffix), "the bird sat\n");
  }
  std::string path(const std::string& name) const { return scratch_.path(name); }

 private:
  Scratch scratch_;
};

double baseline(const Task& task, const std::string& name) {
  for (const Baseline& b : task.baselines())
    if (b.name == name) return b.value;
  FAIL("no baseline " << name);
  return 0;
}

}  // namespace

TEST_CASE("word-lm: three files, named by their folder or by that of training") {
  const auto [prefix, suffix] = GENERATE(table<std::string, std::string>(
      {{"wiki.", ".tokens"}, {"ptb.", ".txt"}, {"", ".txt"}, {"other-", ".text"}}));
  const Parts parts(prefix, suffix);
  const bool folder = GENERATE(true, false);
  const std::string path = parts.path(folder ? "" : prefix + "train" + suffix);
  CAPTURE(path);
  const auto task = task_of("word-lm", {{"path", path}, {"length", "4"}});
  CHECK(task->stream(Stream::train) == 13);
  CHECK(task->stream(Stream::valid) == 4);
  CHECK(task->stream(Stream::test) == 4);
  CHECK(task->symbols() ==
        std::vector<std::string>{"<eos>", "dog", "sat", "the", "a", "cat", "ran", "<unk>"});
  Batch batch;
  task->draw({0, Stream::train}, std::vector<std::uint64_t>{0, 4, 8}, batch);
  CHECK(spelled(*task, batch.symbol, batch, 0) == "<eos> the cat sat");
  CHECK(spelled(*task, batch.label, batch, 0) == "the cat sat <eos>");
  CHECK(spelled(*task, batch.symbol, batch, 1) == "<eos> a dog sat");
  CHECK(spelled(*task, batch.label, batch, 2) == "<eos> the dog ran");
  task->draw({0, Stream::test}, std::vector<std::uint64_t>{0}, batch);
  CHECK(spelled(*task, batch.symbol, batch, 0) == "<eos> the <unk> sat");
  CHECK(spelled(*task, batch.label, batch, 0) == "the <unk> sat <eos>");
  CHECK(task->facts().metric == Metric::perplexity);
}

TEST_CASE("word-lm: an archive's files are its parts, whatever else is in it") {
  const Parts parts("ptb.", ".txt");
  write_file(parts.path("AUTHORS"), "nobody\n");
  const std::string archive = parts.path("corpus.tgz"), folder = parts.path("");
  REQUIRE(std::system(("tar -C '" + folder + "' -czf '" + archive +
                       "' AUTHORS ptb.train.txt ptb.valid.txt ptb.test.txt")
                          .c_str()) == 0);
  const auto task = task_of("word-lm", {{"path", archive}, {"length", "4"}});
  CHECK(task->stream(Stream::train) == 13);
  CHECK(task->stream(Stream::test) == 4);
}

TEST_CASE("word-lm: a test file alone beside that of training is not passed over") {
  const Parts parts("", ".txt");
  std::filesystem::remove(parts.path("valid.txt"));
  CHECK_THAT(
      error_of([&] {
        task_of("word-lm", {{"path", parts.path("train.txt")}});
      }),
      Catch::StartsWith("4: ") && Contains("no file to validate on") && Contains("test.txt"));
}

TEST_CASE("word-lm: one text is cut by shares; random windows lie in the training part") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 25; ++i) text += "the cat sat\n";
  write_file(scratch.path("a.txt"), text);
  const auto task = task_of("word-lm", {{"path", scratch.path("a.txt")},
                                        {"length", "5"},
                                        {"sampling", "random"},
                                        {"valid_share", "0.2"},
                                        {"test_share", "0.1"}});
  CHECK(task->stream(Stream::train) == 0);
  CHECK(task->stream(Stream::valid) == 20);
  CHECK(task->stream(Stream::test) == 10);
  std::vector<std::uint64_t> ids(200);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  Batch batch;
  task->draw({0, Stream::train}, ids, batch);
  for (const int steps : batch.length) REQUIRE(steps == 5);
}

TEST_CASE("word-lm: perplexity is e to the mean nats, by hand") {
  const Parts parts("", ".txt");
  const auto task = task_of("word-lm", {{"path", parts.path("")}, {"length", "4"}});
  // Of 13 words: <eos> 4, dog sat the 2 each, a cat ran 1 each, <unk> 0; 8 symbols, δ = 0.1.
  const double all = 13 + 0.8;
  const double p = (2.1 / all) * (0.1 / all) * (2.1 / all) * (4.1 / all);  // the <unk> sat <eos>
  CHECK(baseline(*task, "unigram") == Approx(std::exp(-std::log(p) / 4)));
  CHECK(baseline(*task, "uniform") == Approx(8));
  LossSums sums;
  sums.loss = -std::log(p);
  sums.metric = sums.loss;
  sums.weight = 4;
  CHECK(quality(task->facts(), sums) == Approx(std::pow(p, -0.25)));
}

TEST_CASE("word-lm: the gradient, with an embedding and tied") {
  const Parts parts("", ".txt");
  const auto task = task_of("word-lm", {{"path", parts.path("")}, {"length", "5"}});
  ModelOptions options;
  options.hidden = 6;
  options.embedding = 6;
  options.tied = GENERATE(false, true);
  for (const GradientError& e : gradcheck(*task, options, 1, 2)) {
    CAPTURE(options.tied, e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("word-lm: the gradient of a head of more than a thousand words") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 1100; ++i) text += "w" + std::to_string(i) + "\n";
  write_file(scratch.path("a.txt"), text);
  const auto task = task_of(
      "word-lm", {{"path", scratch.path("a.txt")}, {"length", "3"}, {"valid_share", "0.01"}});
  REQUIRE(task->facts().outputs > 1024);
  ModelOptions options;
  options.cell = "elman";
  options.hidden = options.embedding = 2;
  options.tied = true;
  for (const GradientError& e : gradcheck(*task, options, 1, 2)) {
    CAPTURE(e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("word-lm: what cannot be read or is too short is told") {
  const Scratch scratch;
  write_file(scratch.path("short.txt"), "the cat sat\n");
  write_file(scratch.path("bad.txt"), "the\nc\xC3(t\n");
  std::filesystem::create_directory(scratch.path("two"));
  write_file(scratch.path("two/a.txt"), "x\n");
  write_file(scratch.path("two/b.txt"), "x\n");
  const auto error = [&](const std::string& name) {
    try {
      task_of("word-lm", {{"path", name.empty() ? "" : scratch.path(name)}});
    } catch (const Error& e) {
      return std::pair{e.code(), std::string(e.what())};
    }
    return std::pair{Exit::done, std::string()};
  };
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  CHECK(error("").first == Exit::data);
  CHECK(error("short.txt").first == Exit::data);
  CHECK_THAT(error("short.txt").second, Contains("too short") && Contains("short.txt"));
  CHECK_THAT(error("bad.txt").second, Contains("bad.txt:2"));
  CHECK_THAT(error("two").second, Contains("2 files") && Contains("name one of them"));
  CHECK(error("absent").first == Exit::data);
}

TEST_CASE("word-lm: WikiText-2 has its published counts") {
  const auto folder = corpus("wikitext-2");
  if (!folder) {
    WARN("skipped: no wikitext-2 in RNNLAB_TEST_DATA");
    return;
  }
  const auto task = task_of("word-lm", {{"path", folder->string()}});
  CHECK(task->stream(Stream::train) == 2088628);
  CHECK(task->stream(Stream::valid) == 217646);
  CHECK(task->stream(Stream::test) == 245569);
  CHECK(task->symbols().size() == 33278);
  // What counting reaches: less the more it knows, and all less than guessing.
  std::map<std::string, double> reached;
  for (const Baseline& b : task->baselines()) reached[b.name] = b.value;
  CHECK(reached.at("uniform") == Approx(33278));
  CHECK(reached.at("bigram") < reached.at("unigram"));
  CHECK(reached.at("interpolated 4-gram") < reached.at("unigram") / 2);
}
