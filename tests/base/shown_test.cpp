#include "base/shown.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

TEST_CASE("text from outside is shown on one line") {
  CHECK(shown("plain") == "plain");
  CHECK(shown("") == "(empty)");
  CHECK(shown("a\nb\tc\x7f") == "a\\x0ab\\x09c\\x7f");
  CHECK(shown("Zürich 循环") == "Zürich 循环");
  CHECK(shown("\xff\xc3(") == "\\xff\\xc3(");
  CHECK(shown("\xe5\xbe") == "\\xe5\\xbe");
  CHECK(shown(std::string(100, 'x')) == std::string(60, 'x') + "…");
  CHECK(shown(std::string(60, 'x')) == std::string(60, 'x'));
}
