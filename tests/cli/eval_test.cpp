#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::string lines_of(const std::string& line, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += line + (i % 3 == 0 ? " again\n" : "\n");
  return all;
}

const std::string word_lm =
    " --task.name word-lm --task.length 5 --model.hidden 12 --train.batch 3 "
    "--train.lr 0.01 --train.steps 60 --quiet";
const std::string char_lm =
    " --task.name char-lm --task.length 16 --model.hidden 24 "
    "--train.batch 4 --train.lr 0.01 --train.steps 150 --quiet";

Json json(const Ended& ended) {
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
  return Json::parse(ended.out);
}

/// The mean of a column of a token table in nats, and the number of tokens.
std::pair<double, std::size_t> mean_nats(const Json& tokens) {
  double sum = 0;
  for (const Json& token : tokens.at("tokens")) {
    sum -= token.at("log_probability").get<double>();
    CHECK(token.at("log2_probability").get<double>() * std::log(2.0) ==
          Approx(token.at("log_probability").get<double>()));
  }
  return {sum / static_cast<double>(tokens.at("tokens").size()), tokens.at("tokens").size()};
}

}  // namespace

TEST_CASE("eval: what a run was trained on gives the last row of its log, bit by bit") {
  const Workplace here;
  write_file(here.path("a.txt"), lines_of("the cat sat on the mat", 60));
  const std::string settings = GENERATE_COPY(
      word_lm + " --task.path a.txt", char_lm + " --task.path a.txt",
      word_lm + " --task.path a.txt --train.precision float64",
      std::string(" --task.name parity --task.length 8 --model.hidden 8 --train.steps 20 --quiet"),
      std::string(" --task.name adding --task.length 20 --train.steps 20 --quiet"),
      std::string(" --task.name reverse --model.name seq2seq --model.hidden 16 --train.steps 40 "
                  "--quiet"));
  CAPTURE(settings);
  const Ended trained = here.call("run --run.dir r" + settings);
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  const RunReader run(here.path("r/run.h5").string());
  const Json result = json(here.call("eval r --format json --run.threads 2"));
  const Json& metrics = result.at("results").at(0).at("metrics");
  CHECK(metrics.size() >= 2);
  for (const auto& [name, value] : metrics.items())
    CHECK(value.get<double>() == run.last("test/" + name).value());
  CHECK(here.call("eval r").out.find('\n') != std::string::npos);
}

TEST_CASE("eval: a row for every length") {
  const Workplace here;
  REQUIRE(here.call("run --run.dir r --task.name parity --task.length 8 --model.hidden 8 "
                    "--train.steps 20 --quiet")
              .code == 0);
  const Json rows = json(here.call("eval r --task.length 4,8,16 --format json")).at("results");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].at("settings").at("task.length") == "4");
  CHECK(rows[1].at("metrics") ==
        json(here.call("eval r --format json")).at("results")[0].at("metrics"));
  for (const char* spelling : {"eval r --task.length 4 8 16", "eval --task.length 4 8 16 r",
                               "eval r --task.length=4 --task.length 8 --task.length 16"}) {
    INFO(spelling);
    CHECK(json(here.call(spelling + std::string(" --format json"))).at("results") == rows);
  }
  const Ended table = here.call("eval r --task.length 4,8,16");
  CHECK(std::count(table.out.begin(), table.out.end(), '\n') == 4);
  CHECK_THAT(table.out, Contains("task.length") && Contains("accuracy"));
}

TEST_CASE("eval: a language model's tokens add up to its metric") {
  const Workplace here;
  write_file(here.path("a.txt"), lines_of("the cat sat on the mat", 60));
  write_file(here.path("b.txt"), lines_of("a cat sat on the bird", 9));
  const bool by_words = GENERATE(true, false);
  REQUIRE(here.call("run --run.dir r --task.path a.txt" + (by_words ? word_lm : char_lm)).code ==
          0);
  const Json own = json(here.call("eval r --format json")).at("results")[0].at("metrics");
  const auto [nats, count] = mean_nats(json(here.call("eval r --per-token --format json")));
  CHECK(nats == Approx(own.at("loss").get<double>()).epsilon(1e-6));
  if (by_words) {
    CHECK(std::exp(nats) == Approx(own.at("perplexity").get<double>()).epsilon(1e-6));
    // Another text is read whole, in the words of the run: `bird` and `a` are <unk>, or refused.
    const Ended other = here.call("eval r --task.path b.txt --format json");
    CHECK(other.code == 4);
    CHECK(other.one_line_error());
    CHECK_THAT(other.err, Contains("'a'") && Contains("b.txt:1"));
  } else {
    CHECK(nats / std::log(2.0) == Approx(own.at("bits_per_character").get<double>()).epsilon(1e-6));
    const Ended other = here.call("eval r --task.path b.txt");
    CHECK(other.code == 4);
    CHECK_THAT(other.err, Contains("'b'") && Contains("b.txt:1"));
  }
  write_file(here.path("c.txt"), lines_of("the mat sat on the cat", 9));
  const Json whole = json(here.call("eval r --task.path c.txt --format json")).at("results")[0];
  const auto [other_nats, others] =
      mean_nats(json(here.call("eval r --task.path c.txt --per-token --format json")));
  CHECK(others == (by_words ? 9 * 7 + 3 : text_of(here.path("c.txt")).size()));
  CHECK(other_nats == Approx(whole.at("metrics").at("loss").get<double>()).epsilon(1e-6));
  CHECK(whole.at("baselines").contains("interpolated 4-gram"));
  // The same text elsewhere is the run's own.
  write_file(here.path("copy.txt"), text_of(here.path("a.txt")));
  CHECK(
      json(here.call("eval r --task.path copy.txt --format json")).at("results")[0].at("metrics") ==
      own);
  // Without the text of training only the baselines are missing; a changed one is told.
  write_file(here.path("a.txt"), "changed");
  CHECK_THAT(here.call("eval r").err, Contains("or have changed"));
  CHECK(here.call("eval r").code == 4);
  std::filesystem::remove(here.path("a.txt"));
  CHECK(here.call("eval r").code == 4);
  const Json alone = json(here.call("eval r --task.path c.txt --format json")).at("results")[0];
  CHECK(alone.at("metrics") == whole.at("metrics"));
  CHECK(alone.at("baselines").empty());

  const Ended text =
      here.call(std::vector<std::string>{"eval", "r", "--per-token", "--text", "the cat\nsat"});
  REQUIRE(text.code == 0);
  std::istringstream rows(text.out);
  std::string heading, first;
  std::getline(rows, heading);
  std::getline(rows, first);
  CHECK(heading == "token\tlog_probability\tlog2_probability");
  CHECK(first.starts_with(by_words ? "the\t-" : "t\t-"));
  CHECK_THAT(text.out, Contains(by_words ? "\n<eos>\t-" : "\n\\n\t-"));
}

TEST_CASE("eval: <unk> stands for the words that a run does not know") {
  const Workplace here;
  write_file(here.path("a.txt"), lines_of("the <unk> sat on the mat", 40));
  write_file(here.path("b.txt"), "the bird sat");
  REQUIRE(here.call("run --run.dir r --task.path a.txt" + word_lm).code == 0);
  const Json tokens = json(here.call("eval r --task.path b.txt --per-token --format json"));
  std::vector<std::string> read;
  for (const Json& token : tokens.at("tokens")) read.push_back(token.at("token"));
  CHECK(read == std::vector<std::string>{"the", "<unk>", "sat", "<eos>"});
  const Ended generated = here.call(std::vector<std::string>{
      "generate", "r", "--prompt", "the", "--temperature", "0", "--count", "12"});
  CHECK(generated.code == 0);
  CHECK_THAT(generated.out, Catch::StartsWith("the "));
  CHECK(here.call("generate r --seed 3").out == here.call("generate r --seed 3").out);
  CHECK_THAT(here.call("eval r --text x").err, Contains("--per-token"));
}

namespace {

/// Reviews whose class one word tells; in the second file each such word stands once.
std::string reviews(int count, bool once) {
  const std::vector<std::string> good{"good", "fine", "lovely", "great", "superb", "sweet"},
      bad{"bad", "poor", "dull", "awful", "weak", "sour"};
  std::string text;
  for (int i = 0; i < count; ++i) {
    const auto& words = i % 2 ? good : bad;
    text += std::to_string(i % 2) + " the film " + std::to_string(once ? 1000 + i : i % 7) +
            " is " + words[static_cast<std::size_t>(i / 2) % words.size()] + "\n";
  }
  return text;
}

double metric(const Ended& ended, const std::string& name) {
  return json(ended).at("results")[0].at("metrics").at(name).get<double>();
}

}  // namespace

TEST_CASE("eval: another file of reviews is read by the words of the run") {
  const Workplace here;
  write_file(here.path("a.txt"), reviews(240, false));
  write_file(here.path("b.txt"), reviews(12, true));
  REQUIRE(here.call("run --run.dir r --task.name sentiment --task.path a.txt --model.hidden 12 "
                    "--train.lr 0.02 --train.steps 150 --quiet")
              .code == 0);
  REQUIRE(metric(here.call("eval r --format json"), "accuracy") == 1);
  for (const char* fold : {"0", "1", "2"})
    CHECK(metric(here.call(std::string("eval r --task.path b.txt --task.folds 3 --format json "
                                       "--task.fold ") +
                           fold),
                 "accuracy") == 1);
  for (const char* cut : {"--task.fold 3", "--task.seed 1", "--task.folds 5"}) {
    const Ended ended = here.call(std::string("eval r ") + cut);
    CAPTURE(cut);
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("examples of training"));
    CHECK(ended.one_line_error());
  }
  CHECK(here.call("eval r --task.length 3 --format json").code == 0);
}

TEST_CASE("eval: other sentences and documents are read, and answered, in the run's words") {
  // Translated word for word; the second file has each of its words once.
  const auto pairs = [](int count, bool once) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      const std::string a = std::to_string(once ? 2 * i : i * 7 % 30),
                        b = std::to_string(once ? 2 * i + 1 : (i * i / 3 + i / 30) % 30);
      text += "in" + a + " in" + b + "\tout" + a + " out" + b + "\n";
    }
    return text;
  };
  const Workplace here;
  write_file(here.path("a.tsv"), pairs(900, false));
  write_file(here.path("b.tsv"), pairs(15, true));
  const std::string name = GENERATE("translation", "summarise");
  CAPTURE(name);
  REQUIRE(here.call("run --run.dir r --task.path a.tsv --model.name seq2seq-attention "
                    "--model.hidden 32 --model.embedding 16 --train.lr 0.01 --train.batch 32 "
                    "--train.steps 400 --quiet --task.name " +
                    name)
              .code == 0);
  const auto loss = [&](const std::string& more) {
    return metric(here.call("eval r --format json" + more), "loss");
  };
  const double own = loss("");
  CHECK(own < 0.1);
  CHECK(loss(" --task.path b.tsv --task.test_share 0.5") < own + 0.2);
}

TEST_CASE("eval: the classes that a model is given keep their places") {
  const Workplace here;
  const auto names = [](const std::string& first, const std::string& last) {
    std::string lines;
    for (int i = 0; i < 60; ++i)
      lines += first + "aeiou"[i % 5] + "rns"[i % 3] + "aeiou"[i / 5 % 5] + last + "\n";
    return lines;
  };
  for (const char* folder : {"all", "two", "other"})
    std::filesystem::create_directory(here.path(folder));
  write_file(here.path("all/A.txt"), names("k", "w"));
  for (const char* folder : {"all", "two"}) {
    write_file(here.path(folder) / "B.txt", names("w", "k"));
    write_file(here.path(folder) / "C.txt", names("k", "k"));
  }
  write_file(here.path("other/B.txt"), names("w", "k"));
  write_file(here.path("other/D.txt"), names("k", "k"));
  REQUIRE(here.call("run --run.dir r --task.name names --task.path all --task.valid_share 0.2 "
                    "--model.hidden 24 --train.batch 8 --train.lr 0.02 --train.steps 200 --quiet")
              .code == 0);
  const double own = metric(here.call("eval r --format json"), "bits_per_character");
  const double two =
      metric(here.call("eval r --task.path two --format json"), "bits_per_character");
  CHECK(two < 1.2 * own);
  const Ended other = here.call("eval r --task.path other");
  CHECK(other.code == 4);
  CHECK_THAT(other.err, Contains("does not know the class 'D'"));
}

TEST_CASE("eval: what does not fit is told in one line") {
  const Workplace here;
  REQUIRE(
      here.call("run --run.dir r --task.name copy --model.hidden 8 --train.steps 3 --quiet").code ==
      0);
  const std::vector<std::pair<std::string, int>> wrong{{"eval", 2},
                                                       {"eval nowhere", 2},
                                                       {"eval r r", 2},
                                                       {"eval r --task.name adding", 2},
                                                       {"eval r --task.lenght 3", 2},
                                                       {"eval r --train.steps 3", 2},
                                                       {"eval r --format xml", 2},
                                                       {"eval r --task.alphabet 5", 2},
                                                       {"eval r --per-token --text abc", 2},
                                                       {"eval r --per-token", 2}};
  for (const auto& [command, code] : wrong) {
    const Ended ended = here.call(command);
    CAPTURE(command, ended.err, ended.out);
    CHECK(ended.code == code);
    CHECK(ended.one_line_error());
  }
}

TEST_CASE("eval: a classifier's prediction after every symbol ends as the whole is predicted") {
  const Workplace here;
  const std::string settings =
      " --task.name even-pairs --model.hidden 12 --train.steps 60 --quiet "
      "--task.test_examples 20";
  const Ended trained = here.call("run --run.dir r" + settings);
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  const Json tokens = json(here.call("eval r --per-token --format json")).at("tokens");
  std::map<int, int> steps;
  for (const Json& token : tokens) {
    ++steps[token.at("example").get<int>()];
    double total = 0, most = 0;
    for (const auto& [name, p] : token.at("probabilities").items()) {
      total += p.get<double>();
      most = std::max(most, p.get<double>());
    }
    CHECK(total == Approx(1));
    CHECK(token.at("probabilities").at(token.at("prediction").get<std::string>()).get<double>() ==
          most);
  }
  CHECK(steps.size() == 20);
  CHECK_THAT(here.call("eval r --per-token").out,
             Catch::StartsWith("example\ttoken\tprediction\t"));
}
