#include "data/word_list.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "data/typos.hpp"
#include "mutations.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

std::vector<std::string> words_in(const std::string& text) {
  std::vector<std::string> words;
  for (const WordPlace& p : word_places(text)) words.push_back(text.substr(p.begin, p.size));
  return words;
}

/// Texts that are damaged: refused as no UTF-8 or without words, or a list that knows its own
/// words.
void check_mutations(bool many) {
  const std::string whole = "It's 3 o'clock, 'tis; naïve Straße 小 e\u0301a\ndon't\r\n";
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < test::inputs(many); ++i) {
    Rng rng({23, Stream::test}, i);
    const std::string bytes = test::mutated(whole, rng);
    try {
      const WordList list(bytes, "w.txt");
      for (const std::string& word : words_in(bytes)) {
        if (!list.knows(word)) FAIL("input " << i << " does not know " << word);
        list.candidates(word);
      }
    } catch (const Error& error) {
      ++refused;
      if (error.code() != Exit::data) FAIL("input " << i << ": " << error.what());
    }
  }
  CHECK(refused > 0);
  CHECK(refused < test::inputs(many));
}

}  // namespace

TEST_CASE("word list: words are letters, and apostrophes between letters") {
  using Words = std::vector<std::string>;
  CHECK(words_in("It's 3 o'clock, 'tis; x2y--naïve e\u0301a") ==
        Words{"It's", "o'clock", "tis", "x", "y", "naïve", "e\u0301a"});
  CHECK(words_in("dogs' l\u2019eau") == Words{"dogs", "l\u2019eau"});
  CHECK(words_in("").empty());
  CHECK(words_in("12 ' -").empty());
}

TEST_CASE("word list: shares and candidates in the case of the word") {
  const WordList list("The cat. the hat THE Straße", "t");
  CHECK(list.size() == 4);
  CHECK(list.knows("tHe"));
  CHECK_FALSE(list.knows("dog"));
  CHECK(list.log_share("the") == Approx(std::log(3.0 / 6)));
  CHECK(list.letters() == U"acehrstß");
  const auto of = [&](const std::string& word) {
    std::vector<std::pair<std::string, int>> found;
    for (const auto& c : list.candidates(word)) found.emplace_back(c.word, c.distance);
    return found;
  };
  using Found = std::vector<std::pair<std::string, int>>;
  CHECK(of("bat") == Found{{"cat", 1}, {"hat", 1}});
  CHECK(of("Teh") == Found{{"The", 1}});
  CHECK(of("TEH") == Found{{"THE", 1}});
  CHECK(of("strasse").size() == 1);
  CHECK(of("elephant").empty());
  CHECK_THROWS_AS(WordList("\xC3(", "t"), Error);
  CHECK_THROWS_WITH(WordList("1 2 3", "w.txt"), Contains("no words (w.txt)"));
}

TEST_CASE("typos: a function of seed and line, of known words, within edit distance 2") {
  const WordList list("whether tis nobler in the mind to suffer don't", "t");
  const std::string line = "Whether 'tis nobler in the mind to suffer, don't unknown";
  const Key key{3, Stream::generate};
  const MistypedLine all = mistyped(line, list, 1, key, 5);
  CHECK(all.words == std::vector<std::size_t>{0, 1, 2, 4, 5, 7});  // in, to: too short
  CHECK(mistyped(line, list, 1, key, 5).text == all.text);
  CHECK(mistyped(line, list, 1, key, 6).text != all.text);
  CHECK(mistyped(line, list, 1, {4, Stream::generate}, 5).text != all.text);
  CHECK(mistyped(line, list, 0, key, 5).text == line);
  const auto right = words_in(line), wrong = words_in(all.text);
  REQUIRE(right.size() == wrong.size());
  for (std::size_t i = 0; i < right.size(); ++i) {
    const bool is_wrong = std::count(all.words.begin(), all.words.end(), i) > 0;
    CAPTURE(right[i], wrong[i]);
    CHECK((right[i] != wrong[i]) == is_wrong);
    if (is_wrong) CHECK_FALSE(list.knows(wrong[i]));
    CHECK(edit_distance(code_points(right[i]), code_points(wrong[i])) <= 2);
  }
  // About the share that is asked for.
  std::size_t typos = 0;
  for (std::uint64_t n = 0; n < 2000; ++n) typos += mistyped(line, list, 0.1, key, n).words.size();
  CHECK(std::abs(static_cast<double>(typos) / (2000.0 * 6) - 0.1) < 0.01);
}

TEST_CASE("word list: mutated texts") { check_mutations(false); }
TEST_CASE("word list: many mutated texts", "[.fuzz]") { check_mutations(true); }
