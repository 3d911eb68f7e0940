#include "base/error.hpp"

#include <catch2/catch.hpp>

#include "base/check.hpp"

using namespace rnnlab;

TEST_CASE("Error: one line, what (where); try", "[base][error]") {
  const Error error(Exit::usage, "unknown key model.hiden", "a.ini:3",
                    "did you mean model.hidden?");
  CHECK(error.what() ==
        std::string("unknown key model.hiden (a.ini:3); did you mean model.hidden?"));
  CHECK(error.code() == Exit::usage);
  CHECK(Error(Exit::write, "the disk is full", "", "free some space").what() ==
        std::string("the disk is full; free some space"));
}

TEST_CASE("Exit: the numbers are public", "[base][error]") {
  CHECK(static_cast<int>(Exit::done) == 0);
  CHECK(static_cast<int>(Exit::check_failed) == 1);
  CHECK(static_cast<int>(Exit::usage) == 2);
  CHECK(static_cast<int>(Exit::diverged) == 3);
  CHECK(static_cast<int>(Exit::data) == 4);
  CHECK(static_cast<int>(Exit::write) == 5);
  CHECK(static_cast<int>(Exit::bug) == 70);
  CHECK(static_cast<int>(Exit::interrupted) == 75);
}

TEST_CASE("RNNLAB_CHECK: silent where it holds, both operands where it does not", "[base][check]") {
  int evaluated = 0;
  CHECK_NOTHROW([&] { RNNLAB_CHECK_EQ(++evaluated, 1); }());
  CHECK(evaluated == 1);
  const auto wrong = [](int columns) { RNNLAB_CHECK_LE(columns, 16); };
  CHECK_THROWS_AS(wrong(17), std::logic_error);
  CHECK_THROWS_WITH(wrong(17), Catch::Contains("columns <= 16") &&
                                   Catch::Contains("(17 against 16)") &&
                                   Catch::Contains("error_test.cpp"));
  CHECK_THROWS_AS([] { RNNLAB_CHECK_LT(2, 2); }(), std::logic_error);
}
