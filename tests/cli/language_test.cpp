#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "command.hpp"
#include "environment.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

void write(const Workplace& here, const std::string& name, const std::string& bytes) {
  std::ofstream(here.path(name), std::ios::binary) << bytes;
}

std::string text() {
  std::string all;
  for (int i = 0; i < 40; ++i) all += "the cat sat on the mat.\n床前明月光。\n";
  return all;
}

const std::string small =
    " --task.name char-lm --task.length 16 --model.hidden 24 --train.batch 4 --train.lr 0.01 "
    "--train.steps 120 --train.eval_every 60 --quiet";

}  // namespace

TEST_CASE("a language model trains on any text and is told beside counts") {
  const Workplace here;
  write(here, "a.txt", text());
  const Ended ended = here.call("run --run.dir a --task.path a.txt" + small);
  CHECK(ended.err.empty());
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.out, Contains("test/bits_per_character") && Contains("4-gram"));
  const RunReader run(here.path("a/run.h5").string());
  CHECK(run.last("valid/bits_per_character").value() < 2.0);
  CHECK(run.last("valid/bits_per_character") == run.last("test/bits_per_character"));
  CHECK(run.last("test/loss").value() / std::log(2.0) ==
        Approx(run.last("test/bits_per_character").value()));
  const std::vector<std::string> vocabulary = nlohmann::json::parse(run.text("vocabulary"));
  CHECK(std::count(vocabulary.begin(), vocabulary.end(), "床") == 1);
  CHECK(run.values("model/parameters/weight_ih_l0").shape ==
        std::vector<std::int64_t>{4 * 24, static_cast<std::int64_t>(vocabulary.size())});
}

TEST_CASE("a text enters the run by its content, whatever it is called and wherever") {
  const Workplace here;
  write(here, "a.txt", text());
  std::filesystem::create_directory(here.path("deep"));
  write(here, "deep/b.txt", text());
  REQUIRE(here.call("run --run.dir a --task.path a.txt" + small).code == 0);
  REQUIRE(
      here.call("run --run.dir b --run.threads 2 --task.path deep/../deep/b.txt" + small).code ==
      0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string()).empty());
  const std::string hash = "sha256:" + sha256(text());
  CHECK_THAT(RunReader(here.path("a/run.h5").string()).config(), Contains("path = " + hash));
  CHECK_THAT(text_of(here.path("a/config.ini")),
             Contains("path = " + hash + " " + here.path("a.txt").string() + "\n"));
  // The same run under the other name; config.ini repeats it from anywhere.
  CHECK_THAT(here.call("run --run.dir a --task.path deep/b.txt" + small).out, Contains("complete"));
  CHECK(here.call("resume a").code == 0);
  CHECK(here.call("run a/config.ini --run.dir again --quiet").code == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("again/run.h5").string())
            .empty());
  // Another text is another run.
  write(here, "a.txt", text() + "!");
  const Ended other = here.call("run --run.dir a --task.path a.txt" + small);
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("holds another run"));
  // What a run file says can be trained again where the text is named.
  std::ofstream(here.path("portable.ini")) << RunReader(here.path("b/run.h5").string()).config();
  const Ended unnamed = here.call("run portable.ini --run.dir c");
  CHECK(unnamed.code == 4);
  CHECK_THAT(unnamed.err, Contains(hash) && Contains("--task.path"));
  CHECK(here.call("run portable.ini --run.dir c --quiet --task.path deep/b.txt").code == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("c/run.h5").string()).empty());
}

TEST_CASE("what is read beside a file of training is content of the run as well") {
  const Workplace here;
  write(here, "train.txt", text());
  write(here, "valid.txt", text());
  REQUIRE(here.call("run --run.dir a --task.path train.txt" + small).code == 0);
  CHECK_THAT(here.call("run --run.dir a --task.path train.txt" + small).out, Contains("complete"));
  write(here, "valid.txt", text() + text());
  const Ended other = here.call("run --run.dir a --task.path train.txt" + small);
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("holds another run"));
  const Ended resumed = here.call("resume a --train.steps 10000");
  CAPTURE(resumed.err);
  CHECK(resumed.code == 4);
  CHECK_THAT(resumed.err, Contains("have changed"));
  CHECK(here.call("eval a").code == 4);
}

TEST_CASE("generate draws the same text from the same seed") {
  const Workplace here;
  write(here, "a.txt", text());
  REQUIRE(here.call("run --run.dir a --task.path a.txt" + small).code == 0);
  const auto generate = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"generate", "a"};
    words.insert(words.end(), more.begin(), more.end());
    return here.call(words);
  };
  std::filesystem::remove(here.path("a.txt"));  // not needed any more
  const Ended greedy = generate({"--prompt", "the c", "--count", "18", "--temperature", "0"});
  CHECK(greedy.code == 0);
  CHECK(greedy.out == "the cat sat on the mat.\n");
  const Ended one = generate({"--count", "60"}), two = generate({"--count", "60"});
  CHECK(one.out == two.out);
  CHECK(one.out != generate({"--count", "60", "--seed", "1"}).out);
  CHECK(generate({"--prompt", "床前", "--count", "4", "--top-k", "1"}).out == "床前明月光。\n");
  CHECK(generate({"--count", "0"}).out == "\n");

  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--prompt", "the Q"}, "Q"},
      {{"--prompt", "\xC3("}, "UTF-8"},
      {{"--count", "-1"}, "--count"},
      {{"--count", "1.5"}, "--count"},
      {{"--temperature", "nan"}, "--temperature"},
      {{"--temperature", "-1"}, "--temperature"},
      {{"--top-k", "many"}, "--top-k"}};
  for (const auto& [words, expected] : wrong) {
    const Ended ended = generate(words);
    CAPTURE(expected, ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Contains(expected));
  }
  REQUIRE(here.call("run --run.dir b" + tiny).code == 0);
  CHECK_THAT(here.call("generate b").err, Contains("not of a language model"));
  CHECK_THAT(here.call("generate nowhere").err, Contains("no run"));
  CHECK(here.call("generate nowhere").code == 2);
}

TEST_CASE("a text that cannot be trained on is exit 4, in one line, and leaves nothing") {
  const Workplace here;
  write(here, "empty.txt", "");
  write(here, "short.txt", "to be");
  write(here, "few.txt", std::string(50, 'a'));
  write(here, "latin1.txt", "ok\nok\nna\xEFve\n" + std::string(500, 'a'));
  const std::vector<std::pair<std::string, std::string>> bad{
      {"absent.txt", "absent.txt"}, {".", "cannot read"},     {"empty.txt", "empty"},
      {"short.txt", "too short"},   {"few.txt", "too short"}, {"latin1.txt", "latin1.txt:3"}};
  for (const auto& [name, expected] : bad) {
    const Ended ended = here.call("run --run.dir r --task.path " + name + small);
    CAPTURE(name, ended.err);
    CHECK(ended.code == 4);
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Contains(expected));
    CHECK_FALSE(here.has("r"));
  }
  const Environment no_cache("XDG_CACHE_HOME", here.path("cache").string());
  CHECK(here.call("run --run.dir r" + small).code == 4);
}
