#include "study/expectation.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "toy.hpp"

using namespace rnnlab;

namespace {

Expectation expectation(const std::string& text) {
  return parse_expectation({"claim.a.expect", text, "study.ini:7"});
}

std::string judged(const std::string& text, double low, double high) {
  return verdict_name(expectation(text).judge(Interval{low, high}));
}

std::string counted(const std::string& text, std::int64_t k, std::int64_t n,
                    std::int64_t pending = 0) {
  return verdict_name(expectation(text).judge(k, n, pending));
}

}  // namespace

TEST_CASE("an interval passes when all of it agrees, differs when none of it does") {
  CHECK(judged("< 0.01", 0.001, 0.009) == "PASS");
  CHECK(judged("< 0.01", 0.001, 0.01) == "UNDECIDED");
  CHECK(judged("< 0.01", 0.01, 0.02) == "DIFFERS");
  CHECK(judged("< 0.01", 0.001, INFINITY) == "UNDECIDED");
  CHECK(judged("< 0.01", INFINITY, INFINITY) == "DIFFERS");
  CHECK(judged("> -2", -1, 5) == "PASS");
  CHECK(judged("> -2", -3, 5) == "UNDECIDED");
  CHECK(judged("> -2", -3, -2) == "DIFFERS");
  CHECK(judged("1 .. 2", 1, 2) == "PASS");
  CHECK(judged("1..2", 0.9, 2) == "UNDECIDED");
  CHECK(judged("1 .. 2", 2.1, 3) == "DIFFERS");
  CHECK(judged("-1.5 .. -0.5", -1, -1) == "PASS");
  CHECK(judged("0.5 +- 0.1", 0.45, 0.55) == "PASS");
  CHECK(judged("0.5 +- 0.1", 0.45, 0.65) == "UNDECIDED");
  CHECK(judged("0.5 +- 0.1", 0.65, 0.7) == "DIFFERS");
}

TEST_CASE("a count is compared as a count") {
  CHECK(counted(">= 4 of 5", 5, 5) == "PASS");
  CHECK(counted(">= 4 of 5", 4, 5) == "PASS");
  CHECK(counted(">= 4 of 5", 3, 5) == "DIFFERS");
  CHECK(counted("<= 1 of 5", 1, 5) == "PASS");
  CHECK(counted("<= 1 of 5", 2, 5) == "DIFFERS");
  CHECK(counted(">= 4 of 5", 8, 10) == "PASS");
  CHECK(counted(">= 4 of 5", 7, 10) == "DIFFERS");
  CHECK(counted("> 2", 3, 5) == "PASS");
  CHECK(counted("< 2", 3, 5) == "DIFFERS");
}

TEST_CASE("runs to come leave a count open only where they can change it") {
  CHECK(counted(">= 4 of 5", 4, 4, 1) == "PASS");
  CHECK(counted(">= 4 of 5", 3, 4, 1) == "UNDECIDED");
  CHECK(counted(">= 4 of 5", 2, 4, 1) == "DIFFERS");
  CHECK(counted("<= 1 of 5", 2, 2, 3) == "DIFFERS");
  CHECK(counted("<= 1 of 5", 0, 4, 1) == "PASS");
}

TEST_CASE("what is no expectation is refused") {
  for (const char* text : {"", "0.01", "< ", "< x", "< nan", "> inf", "2 .. 1", "a .. b", "4 of 5",
                           ">= 4 in 5", ">= 6 of 5", ">= 1 of 0", "1 +- -1", ">= 0.5"})
    CHECK_THAT(error_of([&] { expectation(text); }),
               Catch::StartsWith("2: claim.a.expect = ") &&
                   Catch::Contains("is no expectation (study.ini:7)"));
}
