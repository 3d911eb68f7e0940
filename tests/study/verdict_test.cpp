#include "study/verdict.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;
using Catch::Contains;

namespace {

ClaimResult claimed(const std::string& name, std::vector<std::string> deviates) {
  ClaimResult result;
  result.claim.name = name;
  result.deviates = std::move(deviates);
  return result;
}

StudyVerdict verdict(std::vector<ClaimResult> claims) {
  StudyVerdict verdict;
  verdict.claims = std::move(claims);
  return verdict;
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
