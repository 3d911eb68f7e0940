#include "data/symbol_text.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

std::string error_of(const SymbolText& text, const std::string& line) {
  try {
    text.read(line, "in.txt:3");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("symbols of one character stand side by side", "[data][symbols]") {
  const SymbolText text({"a", "é", "床", "-"});
  CHECK_FALSE(text.spaced());
  CHECK(text.read("床aaé-", "here") == std::vector<std::int32_t>{2, 0, 0, 1, 3});
  CHECK(text.write(std::vector<std::int32_t>{2, 0, 3}) == "床a-");
  CHECK(text.write({}) == "");
}

TEST_CASE("longer symbols have blanks between", "[data][symbols]") {
  const SymbolText text({"1", "2", "10"});
  CHECK(text.spaced());
  CHECK(text.read("10 1  2\t2 ", "here") == std::vector<std::int32_t>{2, 0, 1, 1});
  CHECK(text.write(std::vector<std::int32_t>{2, 0, 0}) == "10 1 1");
  CHECK_THAT(error_of(text, "10 12"), Contains("'12'") && Contains("(in.txt:3)"));
}

TEST_CASE("a symbol that is not written does not make the others long", "[data][symbols]") {
  const SymbolText text({"<end>", "a", "b"}, 1);
  CHECK_FALSE(text.spaced());
  CHECK(text.read("ba", "here") == std::vector<std::int32_t>{2, 1});
  CHECK_THAT(error_of(text, "<end>"), Contains("'<'"));
}

TEST_CASE("sentences go by their tokeniser, unknown words are U+FFFD", "[data][symbols]") {
  const std::vector<std::string> symbols{"<end>", "\xEF\xBF\xBD", "l'", "eau", "est", "?"};
  const SymbolText text(symbols, 1, Tokeniser("fr", TokenUnit::words, true));
  CHECK(text.read("L'eau  est bleue?", "here") == std::vector<std::int32_t>{2, 3, 4, 1, 5});
  CHECK(text.write(std::vector<std::int32_t>{2, 3, 4, 5}) == "l'eau est\xE2\x80\xAF?");
  CHECK(text.read(" ", "here").empty());
  CHECK_THAT(error_of(text, "ab\xff"), Contains("UTF-8 at byte 3"));
  const SymbolText known({"<end>", "a"}, 1, Tokeniser("en", TokenUnit::words, false));
  CHECK_THAT(error_of(known, "a b"), Contains("does not know 'b'"));
}

TEST_CASE("what is no line of symbols is told in one line", "[data][symbols]") {
  const SymbolText text({"a", "b"});
  CHECK_THAT(error_of(text, "abc"), Contains("does not know 'c'") && Contains("(in.txt:3)"));
  CHECK_THAT(error_of(text, "a b"), Contains("' '"));
  CHECK_THAT(error_of(text, "a\x1b"), Contains("'\\x1b'"));
  CHECK_THAT(error_of(text, "ab\xff"), Contains("UTF-8 at byte 3"));
  CHECK(text.read("", "in.txt:1").empty());
  CHECK(SymbolText({"aa"}).read("  ", "in.txt:1").empty());
}

TEST_CASE("a damaged vocabulary is an error", "[data][symbols]") {
  for (const std::vector<std::string>& symbols :
       {std::vector<std::string>{"a", "a"}, {"a", ""}, {"a b"}, {"\xff"}, {"a\n"}}) {
    CHECK_THROWS_AS(SymbolText(symbols), Error);
  }
}
