#include "data/word_vectors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <zlib.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

const std::vector<std::string> symbols{"?", "the", "film", "好", "none"};
const std::string glove = "the 0.5 -1.25e-1 3\n. 1 2 3\n好 4 5 6\nfilm 7 8 9\nfilm 0 0 0\n";

SymbolVectors parse(std::string_view text) { return parse_word_vectors(text, "v.txt", symbols); }

void check_glove(const SymbolVectors& v) {
  CHECK(v.width == 3);
  CHECK(v.symbol == std::vector<std::int32_t>{1, 2, 3});
  CHECK(v.values == std::vector<float>{0.5f, -0.125f, 3, 7, 8, 9, 4, 5, 6});
}

int mutated(std::uint64_t count) {
  const std::string good = "5 3\n" + glove;
  int refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng({6, Stream::test}, i);
    std::string text = good;
    for (auto n = 1 + rng.below(3); n > 0; --n) {
      const auto at = rng.below(static_cast<std::uint32_t>(text.size()));
      const char c = " \n\r\0-e9.x\xFF"[rng.below(10)];
      switch (rng.below(3)) {
        case 0: text[at] = c; break;
        case 1: text.insert(at, 1, c); break;
        default: text.erase(at, 1 + rng.below(4)); break;
      }
    }
    try {
      const SymbolVectors v = parse(text);
      REQUIRE(v.values.size() == v.symbol.size() * static_cast<std::size_t>(v.width));
      REQUIRE(std::is_sorted(v.symbol.begin(), v.symbol.end()));
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains("v.txt:"));
      ++refused;
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("word vectors: GloVe's lines and word2vec's first one", "[data][word_vectors]") {
  check_glove(parse(glove));
  check_glove(parse("5 3\n" + glove));
  check_glove(parse("\xEF\xBB\xBF" + glove));
  std::string blanks;
  for (const char c : glove) blanks += c == '\n' ? " \r\n" : std::string(1, c);
  check_glove(parse(blanks));
  // Some of GloVe's words have blanks in them.
  check_glove(parse(glove + "at name@domain.com 1 2 3\n. . . 1 2 3\n"));
  CHECK(parse("the 1e-60 2\n").values == std::vector<float>{0, 2});
}

TEST_CASE("word vectors: plain, gzip, and what has several files", "[data][word_vectors]") {
  const Scratch scratch;
  const std::string plain = scratch.path("v.txt"), packed = scratch.path("w.txt.gz");
  write_file(plain, glove);
  check_glove(read_word_vectors(plain, symbols));
  const gzFile out = gzopen(packed.c_str(), "wb");
  gzwrite(out, glove.data(), static_cast<unsigned>(glove.size()));
  gzclose(out);
  check_glove(read_word_vectors(packed, symbols));
  const std::string folder = std::filesystem::path(plain).parent_path();
  CHECK_THROWS_WITH(read_word_vectors(folder, symbols), Contains("2 files"));
  CHECK_THROWS_WITH(read_word_vectors(plain, {"other"}), Contains("none of the task's symbols"));
}

TEST_CASE("word vectors: what is wrong is told with its line", "[data][word_vectors]") {
  const auto complaint = [](const std::string& text) {
    try {
      parse(text);
    } catch (const Error& error) {
      CHECK(error.code() == Exit::data);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(complaint(""), Contains("no vectors"));
  CHECK_THAT(complaint("the\n"), Contains("no vector") && Contains("v.txt:1"));
  CHECK_THAT(complaint("a 1 2\nthe 1\n"), Contains("1 numbers") && Contains("v.txt:2"));
  CHECK_THAT(complaint("a 1 2\nthe 1 2 3\n"), Contains("more than the 2") && Contains("v.txt:2"));
  CHECK_THAT(complaint("a 1 2\nthe 1 x\n"), Contains("'x' is no finite") && Contains("v.txt:2"));
  CHECK_THAT(complaint("a 1 nan\n"), Contains("'nan' is no finite"));
  CHECK_THAT(complaint("a 1 1e60\n"), Contains("no finite"));
  CHECK_THAT(complaint("a 1 2\n\nthe 1 2\n"), Contains("v.txt:2"));
  CHECK_THAT(complaint("a 1 2\n\xFF 1 2\n"), Contains("not UTF-8") && Contains("v.txt:2"));
  CHECK_THAT(complaint("a 1 2\n 1 2\n"), Contains("v.txt:2"));
  CHECK_THAT(complaint("7 3\n" + glove), Contains("5 words, the first line says 7"));
  CHECK_THAT(complaint("5 4\n" + glove), Contains("3 numbers, those before 4"));
  CHECK_THAT(complaint("5 99999999999\n" + glove), Contains("99999999999"));
}

TEST_CASE("word vectors: mutated files", "[data][word_vectors]") { CHECK(mutated(20000) > 1000); }

TEST_CASE("word vectors: as many mutated files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  mutated(count ? std::strtoull(count, nullptr, 10) : 1000000);
}
