#include "data/vocabulary.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "base/error.hpp"
#include "data/utf8.hpp"
#include "data/utf8_grammar.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Text = std::vector<std::int32_t>;
using Symbols = std::vector<std::string>;

const std::string unknown = "\uFFFD";

Text text(const std::string& bytes) { return decode_utf8(bytes).code_points; }

Vocabulary vocabulary(const std::string& training, const std::string& rest,
                      std::int64_t min_count = 1) {
  return {text(training), text(training + rest), min_count};
}

template <class Action>
std::string failure(Exit code, Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("symbols are the code points of the training part in their order") {
  const Vocabulary v = vocabulary("床a\n前b\U0001F600a", "");
  CHECK(v.symbols() == Symbols{"\n", "a", "b", "前", "床", "\U0001F600"});
  CHECK(v.size() == 6);
  CHECK(v.encode(text("ab床\U0001F600\n")) == Text{1, 2, 4, 5, 0});
}

TEST_CASE("there is U+FFFD, the last one, only if anything maps to it") {
  CHECK(vocabulary("aab", "ba").symbols() == Symbols{"a", "b"});
  CHECK(vocabulary("aab", "bac").symbols() == Symbols{"a", "b", unknown});
  CHECK(vocabulary("aab", "").symbols() == Symbols{"a", "b"});
  CHECK(vocabulary("aab", "", 2).symbols() == Symbols{"a", unknown});
  CHECK(vocabulary("aab", "", 3).symbols() == Symbols{unknown});
  CHECK(vocabulary("aabb", "", 2).symbols() == Symbols{"a", "b"});
  CHECK(vocabulary("aab", "bbb", 2).symbols() == Symbols{"a", unknown});
  CHECK(vocabulary("a\U0001F600", "z").encode(text("az\U0001F600y")) == Text{0, 2, 1, 2});
}

TEST_CASE("a text's own U+FFFD is the same symbol") {
  for (const auto& [training, rest] :
       {std::pair{"\uFFFDz\U0001F600", ""}, {"z\U0001F600", "\uFFFD"}}) {
    const Vocabulary v = vocabulary(training, rest);
    CHECK(v.symbols() == Symbols{"z", "\U0001F600", unknown});
    CHECK(v.encode(text("\uFFFDq")) == Text{2, 2});
  }
}

TEST_CASE("NUL and line ends are symbols like any other") {
  const Vocabulary v = vocabulary(std::string("\r\n\0", 3), "");
  CHECK(v.symbols() == Symbols{std::string(1, '\0'), "\n", "\r"});
}

TEST_CASE("a vocabulary is made again from its symbols") {
  const Vocabulary v = vocabulary("床a\n前b", "z");
  const Vocabulary again(v.symbols());
  CHECK(again.symbols() == v.symbols());
  CHECK(again.encode(text("床z\n?")) == v.encode(text("床z\n?")));
  CHECK(again.encode("床z", "--prompt") == Text{4, 5});
  CHECK(Vocabulary(Symbols{"b", "a"}).encode(text("ab")) == Text{1, 0});
  for (const Symbols& damaged :
       {Symbols{"a", ""}, {"a", "bc"}, {"a", "\xC3"}, {"a", "b\xC3"}, {"a", "\xED\xA0\x80"}})
    CHECK_THAT(failure(Exit::data, [&] { Vocabulary{damaged}; }),
               Contains("symbol 1 is not one character (vocabulary)"));
  CHECK_THAT(failure(Exit::data,
                     [&] {
                       Vocabulary(Symbols{"a", "b", "a"});
                     }),
             Contains("symbol 2 is there twice"));
}

TEST_CASE("a prompt is encoded, or refused in one line") {
  const Vocabulary v = vocabulary("né", "");
  CHECK(v.encode("één", "--prompt") == Text{1, 1, 0});
  CHECK(v.encode("", "--prompt").empty());
  CHECK(failure(Exit::usage, [&] { v.encode("né床", "--prompt"); }) ==
        "the model does not know '床' (--prompt); use characters of the text that it was trained "
        "on");
  CHECK_THAT(failure(Exit::usage, [&] { v.encode("né\xC3", "--prompt"); }),
             Contains("invalid UTF-8 at byte 4 (--prompt)"));
  CHECK(vocabulary("né", "z").encode("床n", "--prompt") == Text{2, 0});
}

TEST_CASE("text that a vocabulary was not made for is a programmer's mistake") {
  CHECK_THROWS_AS(vocabulary("ab", "").encode(text("abc")), std::logic_error);
}

TEST_CASE("random texts: as counted one by one") {
  Engine engine(11);
  const Text alphabet = text(std::string("\0az", 3) + "\u00E9\u5E8A\uFFFC\uFFFD\uFFFE\U0010FFFF");
  for (int round = 0; round < 500; ++round) {
    Text all(1 + below(engine, 40));
    for (std::int32_t& c : all) c = alphabet[below(engine, 1 + below(engine, alphabet.size()))];
    const std::span<const std::int32_t> training(all.data(), below(engine, all.size() + 1));
    const auto min_count = static_cast<std::int64_t>(1 + below(engine, 4));

    std::map<std::int32_t, std::int64_t> counts;
    for (const std::int32_t c : training) ++counts[c];
    std::set<std::int32_t> kept;
    for (const auto& [c, count] : counts)
      if (count >= min_count && c != 0xFFFD) kept.insert(c);
    Symbols expected;
    for (const std::int32_t c : kept) expected.push_back(spelled(c));
    if (std::any_of(all.begin(), all.end(), [&](auto c) { return !kept.contains(c); }))
      expected.push_back(unknown);

    const Vocabulary v(training, all, min_count);
    REQUIRE(v.symbols() == expected);
    const Text ids = v.encode(all);
    REQUIRE(ids.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      REQUIRE(v.symbols().at(static_cast<std::size_t>(ids[i])) ==
              (kept.contains(all[i]) ? spelled(all[i]) : unknown));
  }
}
