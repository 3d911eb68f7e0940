#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// After "red" always comes a cat, after "blue" a hat; "cat" is the more frequent by far.
std::string training() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += i % 4 ? "one red cat sat.\n" : "one blue hat sat.\n";
  return text;
}

const std::string small =
    " --task.path a.txt --task.length 20 --model.hidden 32 --train.batch 4 "
    "--train.lr 0.01 --train.steps 250 --quiet";

}  // namespace

TEST_CASE("correct: the model chooses by what stands around, frequency alone does not") {
  const Workplace here;
  write_file(here.path("a.txt"), training());
  const std::string task = GENERATE("char-lm", "word-lm");
  if (task == "word-lm") {
    std::string spaced;
    for (const char c : training()) spaced += c == '.' ? std::string(" .") : std::string(1, c);
    write_file(here.path("a.txt"), spaced);
  }
  REQUIRE(here.call("run --run.dir r --task.name " + task + small).code == 0);
  const std::string stop = task == "word-lm" ? " ." : ".";
  write_file(here.path("in.txt"), "one blue xat sat" + stop + "\n\nOne red Xat sta" + stop + "\n");
  if (task == "word-lm")
    write_file(here.path("in.txt"), "one blue xat sat .\n\none red xat sta .\n");
  const Ended ended = here.call("correct r --input in.txt");
  CAPTURE(task, ended.err);
  // What the model has no symbol for does not keep it from correcting the rest.
  CHECK(ended.out == (task == "word-lm" ? "one blue hat sat .\n\none red cat sat .\n"
                                        : "one blue hat sat.\n\nOne red Cat sat.\n"));
  if (task == "word-lm") return;
  write_file(here.path("in.txt"), "one blue nat sat.\n\none red nat sta.\nnothing\n");
  CHECK(here.call("correct r --input in.txt").out ==
        "one blue hat sat.\n\none red cat sat.\nnothing\n");
  const Json lines = Json::parse(here.call("correct r --input in.txt --format json").out);
  CHECK(lines.at("lines")[2].at("corrected") == "one red cat sat.");
  // A list of words of one's own.
  write_file(here.path("words.txt"), "one red blue nat sta");
  CHECK_THAT(here.call("correct r --input in.txt --words words.txt").out,
             Contains("one blue nat "));
  std::filesystem::remove(here.path("a.txt"));
  CHECK_THAT(here.call("correct r --input in.txt").err, Contains("--words"));
  CHECK(here.call("correct r --input in.txt").code == 4);
}

TEST_CASE("correct: a text's first word is one of its words") {
  const Workplace here;
  write_file(here.path("a.txt"), "Xylophone plays.\n" + training());
  REQUIRE(here.call("run --run.dir r --task.name char-lm" + small).code == 0);
  write_file(here.path("in.txt"), "one Xylophone sat.\n");
  CHECK(here.call("correct r --input in.txt").out == "one Xylophone sat.\n");
  const Ended folder = here.call("correct r --input r");
  CHECK(folder.code == 4);
  CHECK(folder.one_line_error());
}

TEST_CASE("correct: accuracy on injected typos, beside the words' frequencies") {
  const Workplace here;
  write_file(here.path("a.txt"), training());
  REQUIRE(here.call("run --run.dir r --task.name char-lm" + small).code == 0);
  write_file(here.path("held-out.txt"), training());
  const std::string command =
      "correct r --evaluate --input held-out.txt --typos 0.3 --seed 4 --format json";
  const Ended ended = here.call(command);
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(here.call(command).out == ended.out);
  const Json result = Json::parse(ended.out);
  CHECK(result.at("words") == 240);
  const int typos = result.at("typos");
  CHECK(typos > 40);
  const Json& rankings = result.at("rankings");
  CHECK(rankings[0].at("ranking") == "none");
  CHECK(rankings[0].at("typos_right") == 0);
  CHECK(rankings[0].at("words_right") == 240 - typos);
  CHECK(rankings[1].at("ranking") == "unigram");
  CHECK(rankings[2].at("ranking") == "language model");
  CHECK(rankings[2].at("typos_right").get<int>() > rankings[1].at("typos_right").get<int>());
  CHECK(rankings[2].at("accuracy").get<double>() > 0.9);
  CHECK(here.call("correct r --evaluate --input held-out.txt --typos 0.3 --seed 5 --format json")
            .out != ended.out);
  CHECK_THAT(here.call("correct r --evaluate --input held-out.txt").out,
             Contains("language model") && Contains("unigram"));
  for (const std::string wrong :
       {"correct r --typos 0.1 --input held-out.txt", "correct r --evaluate --typos 2",
        "correct r --input - --words -", "correct", "correct nowhere"}) {
    const Ended refused = here.call(wrong);
    CAPTURE(wrong, refused.err);
    CHECK(refused.code == 2);
    CHECK(refused.one_line_error());
  }
}

TEST_CASE("correct: texts that cannot be used are refused") {
  const Workplace here;
  write_file(here.path("a.txt"), training());
  REQUIRE(here.call("run --run.dir r --task.name char-lm --train.steps 2" +
                    small.substr(0, small.find(" --train.lr")) + " --quiet")
              .code == 0);
  write_file(here.path("words.txt"), "one two\nthree \xC3(\n");
  write_file(here.path("foreign.txt"), "nothing known\n");
  write_file(here.path("empty.txt"), "");
  for (const auto& [line, said] : {std::pair{"--input a.txt --words words.txt", "words.txt:2"},
                                   std::pair{"--evaluate --input foreign.txt", "foreign.txt"},
                                   std::pair{"--evaluate --input empty.txt", "empty.txt"}}) {
    const Ended refused = here.call(std::string("correct r ") + line);
    CAPTURE(line, refused.err);
    CHECK(refused.code == 4);
    CHECK(refused.one_line_error());
    CHECK_THAT(refused.err, Contains(said));
  }
}

TEST_CASE("correct: task spelling counts the same in its test") {
  const Workplace here;
  const std::string text = training();
  write_file(here.path("a.txt"), text);
  const Ended run = here.call(
      "run --run.dir r --task.name spelling --task.typos 0.5 --task.test_share 0.2" + small);
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  write_file(here.path("test.txt"), text.substr(text.size() - text.size() / 5));
  const Json result =
      Json::parse(here.call("correct r --evaluate --input test.txt --typos 0.5 --format json").out);
  const Json& model = result.at("rankings")[2];
  CHECK(result.at("typos").get<int>() > 10);
  const auto shown = [&](const std::string& metric) {
    return std::stod(run.out.substr(run.out.find(" " + metric + " ") + metric.size() + 2));
  };
  CHECK(shown("test/typos_right") == Approx(model.at("accuracy").get<double>()).epsilon(1e-3));
  CHECK(shown("test/words_right") == Approx(model.at("word_accuracy").get<double>()).epsilon(1e-3));
  const double unigram = result.at("rankings")[1].at("accuracy");
  CHECK(shown("test/typos_right_gain") ==
        Approx(model.at("accuracy").get<double>() - unigram).epsilon(1e-2));
}
