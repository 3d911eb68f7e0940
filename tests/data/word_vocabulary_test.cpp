#include "data/word_vocabulary.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "data/text_vocabulary.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

using Words = std::vector<std::string>;

WordText text_of_lines(const std::string& bytes) {
  WordText text;
  text.add(bytes, "t");
  return text;
}

Words kept(const std::string& bytes, std::int64_t min_count, std::int64_t most) {
  const WordText text = text_of_lines(bytes);
  return WordVocabulary(text, text.ids, min_count, most).symbols();
}

}  // namespace

TEST_CASE("words: blanks between, an <eos> at every line's end") {
  const auto spelled = [](const std::string& bytes) {
    const WordText text = text_of_lines(bytes);
    Words words;
    for (const auto id : text.ids) words.push_back(text.words[static_cast<std::size_t>(id)]);
    return words;
  };
  CHECK(spelled(" the  cat\t sat \n \n\nend") ==
        Words{"the", "cat", "sat", "<eos>", "<eos>", "<eos>", "end", "<eos>"});
  CHECK(spelled("a\r\nb\r\n") == Words{"a", "<eos>", "b", "<eos>"});
  CHECK(spelled("\xEF\xBB\xBFx") == Words{"x", "<eos>"});
  CHECK(spelled("a\u00A0b 床前\n") == Words{"a\u00A0b", "床前", "<eos>"});
  CHECK(spelled("").empty());
  CHECK_THROWS_WITH(text_of_lines("a\n\xC3("), Contains("t:2"));
}

TEST_CASE("words: the most frequent ones stay, the others are <unk>") {
  const std::string text = "b a a c\na b\n";  // a 3, b 2, <eos> 2, c 1
  CHECK(kept(text, 1, 0) == Words{"a", "<eos>", "b", "c"});
  CHECK(kept(text, 2, 0) == Words{"a", "<eos>", "b", "<unk>"});
  CHECK(kept(text, 1, 4) == Words{"a", "<eos>", "b", "c"});
  CHECK(kept(text, 1, 3) == Words{"a", "<eos>", "<unk>"});
  CHECK(kept(text, 1, 1) == Words{"<eos>", "<unk>"});
  CHECK(kept(text, 9, 0) == Words{"<eos>", "<unk>"});
  // One that the text has itself stands where it is counted.
  CHECK(kept("<unk> <unk> <unk> a a b\n", 2, 0) == Words{"<unk>", "a", "<eos>"});
  CHECK(kept("<unk> <unk> <unk> a a b\n", 1, 3) == Words{"<unk>", "a", "<eos>"});
}

TEST_CASE("words: what training has not is <unk>, where that is needed") {
  const WordText text = text_of_lines("a b\nc a\n");
  const WordVocabulary all(text, std::span(text.ids).first(3), 1, 0);
  CHECK(all.symbols() == Words{"<eos>", "a", "b", "<unk>"});
  CHECK(all.encode(text) == std::vector<std::int32_t>{1, 2, 0, 3, 1, 0});
  CHECK(all.id("nowhere") == 3);
  CHECK(WordVocabulary(Words{"<eos>", "a"}).id("nowhere") == -1);
  CHECK_THROWS_AS(WordVocabulary(Words{"a"}), Error);
  CHECK_THROWS_AS(WordVocabulary(Words{"<eos>", "a", "a"}), Error);
  CHECK_THROWS_AS(WordVocabulary(Words{"<eos>", ""}), Error);
  CHECK_THROWS_AS(WordVocabulary(Words{"<eos>", "a b"}), Error);
  CHECK_THROWS_AS(WordVocabulary(Words{"<eos>", "\xC3("}), Error);
}

TEST_CASE("texts by words and by characters are read and written") {
  const TextVocabulary words(TextUnit::words, {"<eos>", "the", "cat", "<unk>"});
  CHECK(words.encode("the cat\n dog ", "t") == std::vector<std::int32_t>{1, 2, 0, 3});
  CHECK(words.line_end() == 0);
  CHECK(words.written(1, std::nullopt) + words.written(2, 1) + words.written(0, 2) +
            words.written(1, 0) ==
        "the cat\nthe");
  const TextVocabulary few(TextUnit::words, {"<eos>", "the"});
  CHECK_THROWS_WITH(few.encode("the dog", "--prompt"), Contains("'dog' (--prompt)"));
  CHECK_THROWS_WITH(few.encode("the \xC3(", "--prompt"), Contains("byte 5"));
  const TextVocabulary characters(TextUnit::characters, {"\n", "床"});
  CHECK(characters.encode("床\n", "t") == std::vector<std::int32_t>{1, 0});
  CHECK(characters.written(1, 1) == "床");
  try {
    characters.encode("床x", "a.txt:3", Exit::data);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    CHECK_THAT(error.what(), Contains("'x' (a.txt:3)"));
  }
}
