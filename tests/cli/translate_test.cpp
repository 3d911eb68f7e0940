#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "command.hpp"
#include "python.hpp"
#include "record/hdf5.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

void write(const Workplace& here, const std::string& name, const std::string& bytes) {
  std::ofstream(here.path(name), std::ios::binary) << bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Learns to reverse up to four letters of three, in about a second.
const std::string reverse =
    " --task.name reverse --task.length 4 --task.alphabet 3 --task.valid_examples 64 "
    "--task.test_examples 256 --model.name seq2seq-attention --model.hidden 24 --train.batch 32 "
    "--train.lr 0.01 --train.clip_norm 1 --train.steps 400 --train.eval_every 0 --quiet";
/// One that has learnt nothing, in no time.
const std::string untrained =
    " --task.name reverse --task.length 4 --task.alphabet 30 --task.valid_examples 8 "
    "--task.test_examples 8 --model.name seq2seq --model.hidden 6 --train.batch 4 "
    "--train.steps 2 --train.eval_every 0 --quiet";

}  // namespace

TEST_CASE("a sequence-to-sequence model is trained, then translates line by line",
          "[cli][translate]") {
  const Workplace here;
  const Ended trained = here.call("run --run.dir r" + reverse);
  CHECK(trained.err.empty());
  REQUIRE(trained.code == 0);
  const RunReader run(here.path("r/run.h5").string());
  const double right = run.last("test/sequence_accuracy").value();
  CHECK(right > 0.9);
  CHECK(run.last("test/accuracy").value() >= right);
  CHECK(run.text("source_vocabulary") == R"(["a","b","c"])");
  CHECK(run.text("vocabulary") == R"(["<end>","a","b","c"])");

  std::string input;
  std::vector<std::string> expected;
  for (int i = 0; i < 27; ++i) {
    std::string line{"abc"[i / 9], "abc"[i / 3 % 3], "abc"[i % 3]};
    input += line + (i % 2 ? "\r\n" : "\n");
    std::reverse(line.begin(), line.end());
    expected.push_back(line);
  }
  input.pop_back();  // the last line need not end
  write(here, "in.txt", input);
  const Ended greedy = here.call("translate r --input in.txt");
  CHECK(greedy.err.empty());
  REQUIRE(greedy.code == 0);
  const std::vector<std::string> ours = lines_of(greedy.out);
  REQUIRE(ours.size() == 27);
  int same = 0;
  for (std::size_t i = 0; i < 27; ++i) same += ours[i] == expected[i];
  CHECK(same >= 24);

  CHECK(here.call("translate r --input in.txt --beam 1").out == greedy.out);
  const Ended best = here.call("translate r --input in.txt --beam 4 --n-best 3");
  REQUIRE(best.code == 0);
  const std::vector<std::string> ranked = lines_of(best.out);
  REQUIRE(ranked.size() == 3 * 27);
  const std::string one = lines_of(here.call("translate r --input in.txt --beam 4").out).at(0);
  CHECK(ranked[0].starts_with("1\t-"));
  CHECK(ranked[0].ends_with("\t" + one));
  CHECK(ranked[3].starts_with("2\t"));
  CHECK(std::stod(ranked[0].substr(2)) >= std::stod(ranked[1].substr(2)));

  SECTION("what it looked at is kept, readable by h5py") {
    const Ended kept = here.call("translate r --input in.txt --attention a.h5");
    CHECK(kept.err.empty());
    REQUIRE(kept.code == 0);
    CHECK(kept.out == greedy.out);
    write(here, "out.txt", kept.out);
    const Python result = python("cli/read_attention.py", here.path("").string());
    INFO(result.output);
    CHECK((result.code == 0 || result.code == 77));
    CHECK(here.call("translate r --input in.txt --attention a.h5").code == 0);  // replaced
  }
  SECTION("an empty line stays one") {
    write(here, "gap.txt", "ab\n\nba\n\n");
    const Ended gap = here.call("translate r --input gap.txt --attention gap.h5");
    CHECK(gap.code == 0);
    const std::vector<std::string> answers = lines_of(gap.out);
    REQUIRE(answers.size() == 4);
    CHECK_FALSE(answers[0].empty());
    CHECK(answers[1].empty());
    CHECK_FALSE(answers[2].empty());
    CHECK(answers[3].empty());
    const hdf5::File kept = hdf5::File::open(here.path("gap.h5").string());
    CHECK(kept.shape(kept.open_dataset("line_3/weights")).at(1) == 2);
    CHECK(H5Lexists(kept.id(), "line_2", H5P_DEFAULT) == 0);
    write(here, "none.txt", "\n");
    CHECK(here.call("translate r --input none.txt").out == "\n");
    CHECK(lines_of(here.call("translate r --input gap.txt --beam 2 --n-best 2").out).size() == 4);
  }
  SECTION("longer sources than in training") {
    write(here, "long.txt", "abcabcabcabc\n");
    const Ended longer = here.call("translate r --input long.txt");
    CHECK(longer.code == 0);
    CHECK(lines_of(longer.out).size() == 1);
    CHECK(lines_of(longer.out).at(0).size() <= 13);
  }
  SECTION("what the input may not be is one line, and nothing is printed or written") {
    const auto refused = [&](const std::string& text, const std::string& what) {
      write(here, "bad.txt", text);
      const Ended ended = here.call("translate r --input bad.txt --attention bad.h5");
      CAPTURE(text, ended.err);
      CHECK(ended.code == 4);
      CHECK(ended.one_line_error());
      CHECK(ended.out.empty());
      CHECK_FALSE(here.has("bad.h5"));
      CHECK_THAT(ended.err, Contains(what));
    };
    refused("ab\ncd\n", "'d'");
    refused("ab\ncd\n", "bad.txt:2");
    refused("ab\na\xff\n", "UTF-8");
    refused("", "no sources");
    CHECK(here.call("translate r --input none.txt").code == 4);
  }
}

TEST_CASE("translate: what does not fit is one line", "[cli][translate]") {
  const Workplace here;
  REQUIRE(here.call("run --run.dir r" + untrained).code == 0);
  write(here, "in.txt", "1 30 7\n");
  CHECK(here.call("translate r --input in.txt").code == 0);
  const auto refused = [&](const std::string& line, const std::string& what) {
    const Ended ended = here.call(line);
    CAPTURE(line, ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Contains(what));
  };
  refused("translate r --input in.txt --beam 0", "--beam 0");
  refused("translate r --input in.txt --beam 2.5", "--beam 2.5");
  refused("translate r --input in.txt --length-penalty -1", "--length-penalty");
  refused("translate r --input in.txt --n-best 2", "--n-best 2");
  refused("translate r --input in.txt --attention a.h5", "no attention");
  CHECK_FALSE(here.has("a.h5"));
  refused("translate r --input in.txt --attention r/run.h5", "another file");
  refused("translate --input in.txt", "one folder");

  // Positions that were not trained.
  write(here, "long.txt", "1 2 3 4 5 6 7\n");
  const auto train_transformer = [&](const std::string& folder, const std::string& positions) {
    std::string line = "run --run.dir " + folder + " --model.positions " + positions + untrained;
    line.replace(line.find("seq2seq"), 7, "transformer-seq2seq");
    REQUIRE(here.call(line).code == 0);
  };
  const auto too_long = [&](const std::string& folder, const std::string& what) {
    const Ended ended = here.call("translate " + folder + " --input long.txt");
    CHECK(ended.code == 4);
    CHECK(ended.one_line_error());
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Contains(what) && Contains("long.txt:1"));
  };
  train_transformer("any", "sinusoidal");
  CHECK(here.call("translate any --input long.txt").code == 0);
  train_transformer("own", "learned");
  too_long("own", "no more than 4 symbols");
  train_transformer("some", "learned --model.max_positions 6");
  too_long("some", "sources have up to 7 steps");
  refused("translate nowhere --input in.txt", "no run");
  refused("generate r", "not of a language model");

  REQUIRE(here.call("run --run.dir other --task.name adding" + tiny).code == 0);
  refused("translate other --input in.txt", "sequence-to-sequence");
}
