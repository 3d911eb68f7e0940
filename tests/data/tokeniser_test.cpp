#include "data/tokeniser.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/text.hpp"
#include "places.hpp"

using namespace rnnlab;

namespace {

using Strings = std::vector<std::string>;

Tokeniser words_of(const std::string& language, bool lower = false) {
  return {language, TokenUnit::words, lower};
}

}  // namespace

TEST_CASE("tokens are those of sacreBLEU", "[data][tokeniser]") {
  std::ifstream file(test::checkout + "/tests/data/bleu_goldens.json");
  const auto goldens = nlohmann::json::parse(file);
  REQUIRE(goldens["tokens"].size() > 400);
  for (const auto& golden : goldens["tokens"]) {
    const std::string text = golden["text"];
    CAPTURE(text);
    CHECK((golden["tokenize"] == "zh" ? tokens_zh(text) : tokens_13a(text)) ==
          golden["tokens"].get<Strings>());
  }
}

TEST_CASE("French elisions are cut off and joined again", "[data][tokeniser]") {
  const Tokeniser french = words_of("fr");
  CHECK(french.tokens("Qu'est-ce que c'est ?") ==
        Strings{"Qu'", "est-ce", "que", "c'", "est", "?"});
  CHECK(french.tokens("Aujourd’hui, jusqu'à l'eau.") ==
        Strings{"Aujourd’", "hui", ",", "jusqu'", "à", "l'", "eau", "."});
  CHECK(french.tokens("les amis' chats, presqu'île") ==
        Strings{"les", "amis'", "chats", ",", "presqu'", "île"});
  CHECK(french.text({"Qu'", "est-ce", "que", "c'", "est", "?"}) ==
        "Qu'est-ce que c'est\xE2\x80\xAF?");
  CHECK(words_of("en").tokens("d'accord, don't") == Strings{"d'accord", ",", "don't"});
}

TEST_CASE("sentences are put together as one writes them", "[data][tokeniser]") {
  for (const char* const sentence : {"Hello, world!", "It costs 3.5% (or less).",
                                     "He said: \"Go home!\" and left.", "I'm fine; you're not."}) {
    CAPTURE(sentence);
    CHECK(words_of("en").text(words_of("en").tokens(sentence)) == sentence);
  }
  const std::string chinese = "我们有3.5个，“不是”5,000。";
  CHECK(words_of("zh").text(words_of("zh").tokens(chinese)) == chinese);
  CHECK(words_of("en").text({}) == "");
}

TEST_CASE("characters: code points, blanks as one mark", "[data][tokeniser]") {
  const Tokeniser by_character("zh", TokenUnit::characters, false);
  CHECK(by_character.tokens("  你 \t好。") == Strings{"你", "▁", "好", "。"});
  CHECK(by_character.text({"你", "▁", "好", "。"}) == "你 好。");
  CHECK(by_character.tokens("\xE3\x80\x80").empty());
}

TEST_CASE("lower case goes beyond ASCII", "[data][tokeniser]") {
  CHECK(words_of("de", true).tokens("Ärger ÉTÉ!") == Strings{"ärger", "été", "!"});
  CHECK(words_of("de", true).compared("Ärger") == "ärger");
  CHECK(words_of("de").compared("Ärger") == "Ärger");
}

TEST_CASE("whatever is put together has its tokens again", "[data][tokeniser]") {
  std::mt19937 random(7);
  const Strings marks{"a", "l'", "qu’", "5", "0", " ",  " ",  ".", ",", "-", "\"", "(",
                      "]", "%",  "/",   "?", "é", "你", "。", "'", "$", "&", ":",  "\u202f"};
  int kept = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t n = random() % 20; n > 0; --n) text += marks[random() % marks.size()];
    CAPTURE(text);
    for (const char* const language : {"en", "fr", "zh"}) {
      const Tokeniser tokeniser = words_of(language);
      const Strings tokens = tokeniser.tokens(text);
      // 13a leaves a few odd tokens, such as ",0", that it cuts where they stand alone.
      if (tokeniser.tokens(join(tokens, " ")) != tokens) continue;
      ++kept;
      const std::string again = tokeniser.text(tokens);
      CAPTURE(language, again);
      REQUIRE(tokeniser.tokens(again) == tokens);
      REQUIRE(matches(tokeniser, again, {"other", text}));
    }
    const Tokeniser by_character("en", TokenUnit::characters, false);
    REQUIRE(by_character.tokens(by_character.text(by_character.tokens(text))) ==
            by_character.tokens(text));
  }
  CHECK(kept > 50000);
}

TEST_CASE("a tokeniser goes by its name", "[data][tokeniser]") {
  for (const char* const name : {"fr words", "zh characters", "en words lower"}) {
    REQUIRE(Tokeniser::named(name));
    CHECK(Tokeniser::named(name)->name() == name);
  }
  for (const char* const name : {"", "fr", "fr letters", "fr words upper", "a b c d"})
    CHECK_FALSE(Tokeniser::named(name));
}
