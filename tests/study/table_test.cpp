#include "study/table.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

TEST_CASE("columns are aligned by characters") {
  CHECK(aligned({{"a", "b"}, {"naïve", "1"}, {"x", ""}}) == "a      b\nnaïve  1\nx\n");
}

TEST_CASE("a field with a comma, a quote or a new line is quoted") {
  CHECK(csv({{"a", "b c"}, {"1,2", "say \"x\""}, {"", "two\nlines"}}) ==
        "a,b c\n\"1,2\",\"say \"\"x\"\"\"\n,\"two\nlines\"\n");
}

TEST_CASE("a bar in a Markdown cell is escaped") {
  CHECK(markdown({{"a|b"}, {"c"}}) == "| a\\|b |\n|---|\n| c |\n");
}
