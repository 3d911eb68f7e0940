#include "study/config_file.hpp"

#include <catch2/catch.hpp>

#include "record/scratch.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;
using namespace std::string_literals;

namespace {

std::string refused(const std::string& text) {
  return error_of([&] { parse_settings(text, "a.ini"); });
}

}  // namespace

TEST_CASE("an INI file is its settings, each with its line") {
  const auto settings = parse_settings(
      "# a comment\n; another\n[model]\nhidden = 128\n\n  cell=lstm  \n[claim.a-b]\nexpect = < 1\n",
      "a.ini");
  REQUIRE(settings.size() == 3);
  CHECK(settings[0].key == "model.hidden");
  CHECK(settings[0].value == "128");
  CHECK(settings[0].where == "a.ini:4");
  CHECK(settings[1].key == "model.cell");
  CHECK(settings[1].value == "lstm");
  CHECK(settings[1].where == "a.ini:6");
  CHECK(settings[2].key == "claim.a-b.expect");
  CHECK(settings[2].value == "< 1");
}

TEST_CASE("values keep #, ;, quotes and further equal signs") {
  const auto settings = parse_settings(
      "[task]\npath = /data/a#b ; c\nname = \"x\"\nselect = model.name=lstm task.length=4\nempty "
      "=\n",
      "a.ini");
  CHECK(settings.at(0).value == "/data/a#b ; c");
  CHECK(settings.at(1).value == "\"x\"");
  CHECK(settings.at(2).value == "model.name=lstm task.length=4");
  CHECK(settings.at(3).value.empty());
}

TEST_CASE("a byte-order mark, CRLF and a missing last newline are tolerated") {
  const auto settings = parse_settings("\xEF\xBB\xBF[model]\r\nhidden = 7\r\ncell = gru", "a.ini");
  REQUIRE(settings.size() == 2);
  CHECK(settings[0].key == "model.hidden");
  CHECK(settings[0].value == "7");
  CHECK(settings[1].value == "gru");
}

TEST_CASE("a file that is not one is refused in one line with its place") {
  CHECK(refused("[model]\nhidden = 1\n[train]\nlr = 1\n[model]\nhidden = 2\n") ==
        "2: model.hidden is set twice (a.ini:6); it was set at line 2 before: keep one");
  CHECK(
      refused("[model]\nhidden 3\n") ==
      "2: neither [section] nor key = value: hidden 3 (a.ini:2); mend the line, or start it with # "
      "to make it a comment");
  CHECK_THAT(refused("hidden = 3\n"), Contains("key outside any section") && Contains("(a.ini:1)"));
  const auto dotted = parse_settings("model.hidden = 3\n[train]\nlr = 1\n", "a.ini");
  CHECK(dotted.at(0).key == "model.hidden");
  CHECK(dotted.at(1).key == "train.lr");
  CHECK(dotted.at(1).where == "a.ini:3");
  CHECK_THAT(refused("[]\n"), Contains("neither [section]"));
  CHECK_THAT(refused("[model]\n= 3\n"), Contains("(a.ini:2)"));
  const std::string garbage =
      "\x7f"
      "ELF\x02\x01\0\0\xff\xfe\n\x01=\x02"s;
  CHECK_THAT(refused(garbage), Contains("\\x7fELF\\x02") && !Contains("\n"));
  CHECK_THAT(refused("[model]\na\x01=3\n"), Contains("a\\x01=3"));
  CHECK(refused("") == "no error");
}

TEST_CASE("random bytes never do worse than an error") {
  Rng rng({.seed = 1, .stream = Stream::order}, 0);
  const std::string likely = "[]=#;\n\r model.hidden\\\"\0\x01\xEF\xBB\xBF";
  for (int file = 0; file < 2000; ++file) {
    std::string text;
    for (std::uint32_t n = rng.below(60); n > 0; --n)
      text += rng.below(3) == 0 ? static_cast<char>(rng.below(256))
                                : likely[rng.below(static_cast<std::uint32_t>(likely.size()))];
    const std::string result = error_of([&] { toy_config(parse_settings(text, "a.ini")); });
    CHECK((result == "no error" || result.starts_with("2: ")));
    CHECK(result.find('\n') == std::string::npos);
  }
}

TEST_CASE("a file that cannot be read is a usage error") {
  const test::Scratch scratch;
  CHECK_THAT(error_of([&] { read_settings(scratch.path("none.ini")); }),
             Catch::StartsWith("2: cannot read ") && Contains("none.ini (no such file)"));
  CHECK_THAT(error_of([&] { read_settings(scratch.path("")); }), Contains("it is a folder"));
}
