#include "study/verdict.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;
using Catch::Contains;

namespace {

ClaimResult claimed(const std::string& name, std::vector<std::string> deviates) {
  return {.claim = {.name = name, .where = "study.ini:1"}, .deviates = std::move(deviates)};
}

StudyVerdict verdict(std::vector<ClaimResult> claims) {
  return {.study = "toy", .title = {}, .question = {}, .source = {}, .claims = std::move(claims)};
}

}  // namespace

TEST_CASE("a note names the claims that it is of, and all of them in a word") {
  const std::string table = verdict_table(
      verdict({claimed("first", {"more units"}), claimed("second", {"one seed", "more units"})}));
  CHECK_THAT(table, Contains("\n  all claims: deviates from the protocol: more units\n") &&
                        Contains("\n  second: deviates from the protocol: one seed\n"));
  CHECK_THAT(verdict_table(verdict({claimed("only", {"more units"})})),
             Contains("\n  only: deviates from the protocol: more units\n"));
}
