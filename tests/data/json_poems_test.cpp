#include "data/json_poems.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "data/language_corpus.hpp"
#include "data/utf8.hpp"
#include "files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

const std::string two =
    "[\n{\"author\": \"李白\", \"title\": \"靜夜思\", \"paragraphs\": [\"床前看月光，\", "
    "\"疑是地上霜。\"]},\n{\"paragraphs\": [\"a \\\"b\\\" \\u4e8c\"], \"tags\": [1, null]}\n]\n";

std::string refusal(const std::string& bytes) {
  try {
    poems_of_json(bytes, "p.json");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "no error";
}

void check_mutations(long count) {
  std::mt19937 engine(11);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine);
  };
  long refused = 0;
  for (long i = 0; i < count; ++i) {
    std::string bytes = two;
    for (std::size_t k = 1 + below(4); k > 0 && !bytes.empty(); --k) {
      const std::size_t at = below(bytes.size());
      const std::size_t kind = below(4);
      if (kind == 0) bytes[at] = static_cast<char>(below(256));
      if (kind == 1) bytes.erase(at, 1 + below(8));
      if (kind == 2) bytes.insert(at, bytes.substr(below(bytes.size()), below(20)));
      if (kind == 3) bytes.resize(at + 1);
    }
    try {
      const std::string text = poems_of_json(bytes, "p.json");
      if (decode_utf8(text).bytes != text.size()) FAIL("not UTF-8: " << bytes);
    } catch (const Error& error) {
      ++refused;
      if (error.code() != Exit::data) FAIL(error.what());
    }
  }
  CHECK(refused > count / 2);
  CHECK(refused < count);
}

}  // namespace

TEST_CASE("poems: a paragraph a line, an empty line between") {
  CHECK(poems_of_json(two, "p.json") == "床前看月光，\n疑是地上霜。\n\na \"b\" 二\n");
  CHECK(poems_of_json("\xEF\xBB\xBF" + two, "p.json").size() == 49);
  CHECK(poems_of_json("[]", "p.json").empty());
  CHECK(poems_of_json("[{\"paragraphs\": []}, {\"paragraphs\": [\"x\"]}]", "p.json") == "x\n");
}

TEST_CASE("poems: what is no such list is refused where it is") {
  CHECK_THAT(refusal("[\n{]"), Contains("not valid JSON") && Contains("p.json:2"));
  CHECK_THAT(refusal("{}"), Contains("not a list"));
  CHECK_THAT(refusal(std::string("[]\0{{", 5)), Contains("a NUL at byte 2"));
  CHECK_THAT(refusal("[1]"), Contains("p.json: poem 1"));
  CHECK_THAT(refusal("[{\"paragraphs\": [\"x\"]}, {}]"), Contains("p.json: poem 2"));
  CHECK_THAT(refusal("[{\"paragraphs\": [1]}]"), Contains("not a string"));
  CHECK_THAT(refusal("[{\"paragraphs\": [\"\xC3(\"]}]"), Contains("not valid JSON"));
  CHECK_THAT(refusal(""), Contains("not valid JSON"));
  CHECK_THAT(refusal(std::string(200000, '[')), Contains("not valid JSON"));
}

TEST_CASE("poems: damaged lists are read or refused") { check_mutations(20000); }

TEST_CASE("poems: as many damaged lists as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* const count = std::getenv("RNNLAB_FUZZ");
  check_mutations(count ? std::atol(count) : 1000000);
}

TEST_CASE("poems: the 300 of Tang") {
  const auto file = corpus("chinese-poetry/唐诗三百首.json");
  if (!file) {
    WARN("skipped: no chinese-poetry/唐诗三百首.json in RNNLAB_TEST_DATA");
    return;
  }
  const LanguageCorpus poems = read_language_corpus(file->string());
  REQUIRE(poems.texts.size() == 1);
  std::size_t characters = 0, ends = 0;
  for (const std::int32_t c : decode_utf8(poems.texts[0].bytes).code_points) {
    ends += c == '\n';
    characters += c != '\n';
  }
  CHECK(characters == 25239);
  std::size_t between = 0;
  for (std::size_t at = 0; (at = poems.texts[0].bytes.find("\n\n", at)) != std::string::npos; ++at)
    ++between;
  CHECK(between == 365);  // of 366 poems
  CHECK(ends > between);
}
