#include "data/text_tokens.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "data/token_vocabulary.hpp"

using namespace rnnlab;
using Catch::Contains;

TEST_CASE("text tokens: words and characters, in lower case or not", "[data][text_tokens]") {
  using Tokens = std::vector<std::string>;
  CHECK(TextTokens{}("  A bad\tÉTÉ . ") == Tokens{"a", "bad", "été", "."});
  CHECK(TextTokens{.lower_case = false}("A bad") == Tokens{"A", "bad"});
  CHECK(TextTokens{.characters = true}("好 A。") == Tokens{"好", " ", "a", "。"});
  CHECK(TextTokens{}(" ").empty());
}

TEST_CASE("text tokens: what counts as Chinese or Japanese", "[data][text_tokens]") {
  const auto most = [](std::string_view text) {
    CjkCount count;
    count.add(text);
    return count.most();
  };
  CHECK(most("送餐快了,ok"));
  CHECK(most("とても、よい"));
  CHECK(most("！！！"));
  CHECK_FALSE(most("a fine 好 film"));
  CHECK_FALSE(most("좋은 영화"));
  CHECK_FALSE(most(""));
}

TEST_CASE("text tokens: a trained classifier's symbols", "[data][text_tokens]") {
  const TextSymbols symbols({}, {unknown_token, "good", "bad"});
  const auto read = symbols.read("Good film , BAD", "x");
  CHECK(read.tokens == std::vector<std::string>{"good", "film", ",", "bad"});
  CHECK(read.symbols == std::vector<std::int32_t>{1, 0, 0, 2});
  CHECK(symbols.read("", "x").symbols == std::vector<std::int32_t>{0});
  CHECK_THROWS_WITH(symbols.read("bad \xFF", "line 3"), Contains("byte 5") && Contains("line 3"));
  CHECK_THROWS_WITH(TextSymbols({}, {"good", "bad"}), Contains("unknown"));
  CHECK_THROWS_WITH(TextSymbols({}, {unknown_token, "bad", "bad"}), Contains("twice"));
}
