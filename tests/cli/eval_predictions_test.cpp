#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

Json json(const Ended& ended) {
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
  return Json::parse(ended.out);
}

/// A short run in the folder r.
void train(const Workplace& here, const std::string& settings) {
  CAPTURE(settings);
  const Ended trained = here.call("run --run.dir r --quiet" + settings);
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
}

Json predictions(const Workplace& here) {
  return json(here.call("eval r --predictions --format json")).at("predictions");
}

double metric(const Workplace& here, const std::string& name) {
  return json(here.call("eval r --format json"))
      .at("results")[0]
      .at("metrics")
      .at(name)
      .get<double>();
}

/// What stands between blanks; of the strings of Reber's grammar the letters.
std::vector<std::string> symbols(const Json& text, bool letters) {
  std::vector<std::string> all;
  const auto line = text.get<std::string>();
  if (letters) {
    for (const char c : line) all.emplace_back(1, c);
    return all;
  }
  std::istringstream in(line);
  for (std::string symbol; in >> symbol;) all.push_back(symbol);
  return all;
}

}  // namespace

TEST_CASE("eval --predictions: the test's accuracy can be counted from its lines") {
  const Workplace here;
  const std::string task =
      GENERATE("temporal-order --task.length 12", "parity --task.length 8", "reber");
  train(here, " --model.hidden 8 --train.steps 60 --task.test_examples 40 --task.name " + task);
  const Json rows = predictions(here);
  REQUIRE(rows.size() == 40);
  double right = 0, all = 0;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    CHECK(rows[n].at("example") == n);
    const auto target = symbols(rows[n].at("target"), task == "reber");
    const auto predicted = symbols(rows[n].at("prediction"), task == "reber");
    REQUIRE(target.size() == predicted.size());
    for (std::size_t i = 0; i < target.size(); ++i) right += target[i] == predicted[i];
    all += static_cast<double>(target.size());
  }
  CHECK(right / all == Approx(metric(here, "accuracy")).epsilon(1e-12));
}

TEST_CASE("eval --predictions: values give the test's error, binary outputs its likelihood") {
  const Workplace here;
  const bool binary = GENERATE(false, true);
  train(here,
        binary ? " --task.test_examples 40 --task.name melodies --model.hidden 8 --train.steps 20"
               : " --task.test_examples 40 --task.name adding --task.length 10 --model.hidden 8 "
                 "--train.steps 20");
  const double keys = 88;
  double sum = 0, values = 0;
  for (const Json& row : predictions(here)) {
    const auto target = row.at("target").get<std::vector<double>>();
    const auto predicted = row.at("prediction").get<std::vector<double>>();
    REQUIRE(target.size() == predicted.size());
    for (std::size_t i = 0; i < target.size(); ++i) {
      const double p = predicted[i], y = target[i];
      sum += binary ? -std::log(y > 0 ? p : 1 - p) : (p - y) * (p - y);
    }
    values += static_cast<double>(target.size());
  }
  CHECK(sum / values * (binary ? keys : 1) ==
        Approx(metric(here, binary ? "nll" : "mse")).epsilon(1e-5));
}

TEST_CASE("eval --predictions: sequences are decoded as they are scored") {
  const Workplace here;
  const bool path = GENERATE(false, true);
  train(here, std::string(" --task.test_examples 40 --task.name speech --task.letters 2 "
                          "--model.hidden 12 --train.lr 0.03 --train.steps 400") +
                  (path ? " --task.target ctc"
                        : " --task.target characters --model.name seq2seq-attention"));
  double exact = 0;
  for (const Json& row : predictions(here)) exact += row.at("target") == row.at("prediction");
  CHECK(exact > 0);
  CHECK(exact / 40 == metric(here, path ? "sequence_accuracy" : "exact_match"));
}

TEST_CASE("eval --predictions: a source stands there as the model reads it") {
  const Workplace here;
  train(here,
        " --task.test_examples 40 --task.name reverse --model.name seq2seq --model.hidden 8 "
        "--train.steps 10");
  for (const Json& row : predictions(here)) {
    auto source = row.at("source").get<std::string>();
    std::reverse(source.begin(), source.end());
    CHECK(row.at("target") == source);
  }
  CHECK_THAT(here.call("eval r --predictions").out,
             Catch::StartsWith("example\tsource\ttarget\tprediction\n0\t"));
}

TEST_CASE("eval --predictions: two sources, and other data than those of training") {
  const Workplace here;
  train(here,
        " --task.test_examples 40 --task.name reading --task.sentences 3 --model.name seq2seq "
        "--model.bridge transform "
        "--model.hidden 8 --train.steps 5");
  const Json rows = predictions(here);
  CHECK_THAT(rows[0].at("source_2").get<std::string>(), Contains("where is"));
  CHECK(json(here.call("eval r --predictions --task.test_examples 7 --format json"))
            .at("predictions")
            .size() == 7);
}

TEST_CASE("eval --predictions: what it cannot show is said") {
  const Workplace here;
  write_file(here.path("a.txt"), std::string(2000, 'a') + "\n");
  train(here,
        " --task.name char-lm --task.path a.txt --task.length 8 --model.hidden 4 "
        "--train.steps 2");
  const Ended stream = here.call("eval r --predictions");
  CHECK(stream.code == 2);
  CHECK_THAT(stream.err, Contains("one long sequence") && Contains("--per-token"));
  CHECK(here.call("eval r --predictions --per-token").code == 2);
}
