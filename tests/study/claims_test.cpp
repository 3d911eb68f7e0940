#include "study/claims.hpp"

#include <catch2/catch.hpp>

#include "study/config_file.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

std::vector<Claim> claims(const std::string& text) {
  return parse_claims(parse_settings(text, "study.ini"));
}

std::string refused(const std::string& lines) {
  return error_of([&] { claims("[claim.a]\n" + lines); });
}

}  // namespace

TEST_CASE("a claim is what its section says") {
  const auto parsed = claims(
      "[study]\ntitle = t\n[claim.lstm-solves]\nselect = model.name=lstm "
      "task.name=adding@author2020\n"
      "statistic = value\nmetric = test/mse\nreduce = mean\nexpect = < 0.01\n"
      "published = 0.00 (solved)\nsource = a paper, fig. 2\n"
      "[claim.second]\nselect = model.name=lstm\nagainst = model.name=gru\nstatistic = ratio\n"
      "metric = valid/mse@best\nexpect = 1 .. 2\n"
      "[claim.third]\nstatistic = count\nmetric = test/mse < 0.01\nexpect = >= 4 of 5\n"
      "[claim.fourth]\nstatistic = count\nmetric = outcome = diverged\nexpect = >= 4 of 5\n");
  REQUIRE(parsed.size() == 4);
  const Claim& first = parsed[0];
  CHECK(first.name == "lstm-solves");
  CHECK(first.where == "study.ini:4");
  REQUIRE(first.select.size() == 3);
  CHECK(first.select[0].key == "model.name");
  CHECK(first.select[0].value == "lstm");
  CHECK(first.select[1].value == "adding");
  CHECK(first.select[2].key == "task.protocol");
  CHECK(first.select[2].value == "author2020");
  CHECK(first.metric == "test/mse");
  CHECK(first.reduce == Reduce::mean);
  CHECK(first.expect.high == 0.01);
  CHECK(first.published == "0.00 (solved)");
  CHECK(first.source == "a paper, fig. 2");
  CHECK(parsed[1].statistic == Claim::Statistic::ratio);
  CHECK(parsed[1].reduce == Reduce::median);
  CHECK(parsed[1].against.front().value == "gru");
  CHECK(parsed[2].metric == "test/mse");
  CHECK(parsed[2].bar == "<");
  CHECK(parsed[2].bar_value == "0.01");
  CHECK(parsed[3].metric == "outcome");
  CHECK(parsed[3].bar_value == "diverged");
}

TEST_CASE("a claim that cannot be judged is refused with its place") {
  CHECK(refused("metrik = test/mse\n") ==
        "2: unknown key claim.a.metrik (study.ini:2); did you mean metric?");
  CHECK(refused("expect = < 1\n") ==
        "2: claim a has no metric (study.ini:2); add metric = test/mse");
  CHECK_THAT(refused("metric = test/mse\n"), Contains("claim a has no expect"));
  CHECK_THAT(refused("metric = test/mse\nexpect = < 1\nstatistic = mean\n"),
             Contains("choose one of value, difference, ratio, count"));
  CHECK_THAT(refused("metric = test/mse\nexpect = < 1\nreduce = mode\n"),
             Contains("choose one of median, mean, min, max"));
  CHECK_THAT(refused("metric = test/mse\nexpect = < 1\nstatistic = ratio\n"),
             Contains("has no against"));
  CHECK_THAT(refused("metric = test/mse\nexpect = < 1\nagainst = model.name=gru\n"),
             Contains("has an against"));
  CHECK_THAT(refused("metric = test/mse\nexpect = >= 4 of 5\n"), Contains("expects a count"));
  CHECK_THAT(refused("metric = test/mse\nexpect = >= 4 of 5\nstatistic = count\n"),
             Contains("counts without a bar"));
  CHECK_THAT(refused("metric = outcome\nexpect = < 4\n"),
             Contains("takes the outcome as a number"));
  CHECK_THAT(refused("metric = test/mse < x\nexpect = < 4\n"), Contains("not a metric with a bar"));
  CHECK_THAT(refused("metric = test/mse\nexpect = < 4\nselect = model.name\n"),
             Contains("is not a list of KEY=VALUE"));
  CHECK_THAT(error_of([] { claims("[claim]\nmetric = test/mse\n"); }),
             Contains("a claim without a name"));
}

TEST_CASE("the hash of the claims changes with them and with nothing else") {
  const auto hash = [](const std::string& text) {
    return claims_hash(parse_settings(text, "study.ini"));
  };
  const std::string claim = "[claim.a]\nmetric = test/mse\nexpect = < 1\n";
  CHECK(hash(claim) == hash("[study]\ntitle = x\n# comment\n" + claim + "[train]\nsteps = 3\n"));
  CHECK(hash(claim) != hash("[claim.a]\nmetric = test/mse\nexpect = < 2\n"));
}
