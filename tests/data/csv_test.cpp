#include "data/csv.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "corpora.hpp"
#include "files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::vector<CsvRow> read(std::string_view bytes) {
  std::vector<CsvRow> rows;
  read_csv(bytes, "x.csv", [&](CsvRow& row) { rows.push_back(std::move(row)); });
  return rows;
}

Rows fields(std::string_view bytes) {
  Rows rows;
  for (CsvRow& row : read(bytes)) rows.push_back(std::move(row.fields));
  return rows;
}

/// A field of a few characters, those that need quotes among them.
std::string made_field(Rng& rng) {
  static const std::vector<std::string> pieces{"a", " ", ",", "\"", "\n", "\r\n", "好", "\t", "0"};
  std::string field;
  for (auto n = rng.below(6); n > 0; --n)
    field += pieces[rng.below(static_cast<std::uint32_t>(pieces.size()))];
  return field;
}

/// As RFC 4180 writes it; quotes also where none are needed, now and then.
std::string written(const std::string& field, Rng& rng) {
  if (field.find_first_of(",\"\r\n") == field.npos && rng.below(3) > 0) return field;
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

/// Mutations of a small file are read, or refused in one line; counts how many were.
int mutated(std::uint64_t count) {
  const std::string good = "label,review\n1,\"a, \"\"b\"\"\nc\"\n0,好吃 \r\n\n1,\"\"\n";
  int refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng({4, Stream::test}, i);
    std::string bytes = good;
    for (auto n = 1 + rng.below(4); n > 0; --n) {
      const auto at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      const char c = "\",\n\r\0 a\xE5\xFF"[rng.below(9)];
      switch (rng.below(3)) {
        case 0: bytes[at] = c; break;
        case 1: bytes.insert(at, 1, c); break;
        default: bytes.erase(at, 1 + rng.below(3)); break;
      }
    }
    try {
      const auto rows = read(bytes);
      for (const CsvRow& row : rows) {
        REQUIRE(row.fields.size() == rows.front().fields.size());
        REQUIRE((row.line >= 1 && row.line <= 1 + std::count(bytes.begin(), bytes.end(), '\n')));
      }
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains("x.csv:"));
      ++refused;
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("csv: fields, quotes and lines", "[data][csv]") {
  CHECK(fields("").empty());
  CHECK(fields("a,b\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(fields("\xEF\xBB\xBF"
               "a,b\r\n 1 ,\"x, \"\"y\"\"\"\r\n") == Rows{{"a", "b"}, {" 1 ", "x, \"y\""}});
  CHECK(fields(",\n\"\",\n") == Rows{{"", ""}, {"", ""}});

  const auto rows = read("a,b\n\n\"one\ntwo\n\nfour\",x\n\n\n3,\"y\n\"\nlast,z");
  REQUIRE(rows.size() == 4);
  CHECK(rows[1].fields == std::vector<std::string>{"one\ntwo\n\nfour", "x"});
  CHECK(rows[0].line == 1);
  CHECK(rows[1].line == 3);
  CHECK(rows[2].line == 9);
  CHECK(rows[3].line == 11);
}

TEST_CASE("csv: what is written by the rules is read back", "[data][csv]") {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Rng rng({3, Stream::test}, i);
    Rows rows(1 + rng.below(5));
    std::string text;
    std::vector<std::int64_t> lines;
    const auto columns = 2 + rng.below(3);
    for (auto& row : rows) {
      lines.push_back(1 + std::count(text.begin(), text.end(), '\n'));
      for (std::uint32_t c = 0; c < columns; ++c) {
        row.push_back(made_field(rng));
        text += (c > 0 ? "," : "") + written(row.back(), rng);
      }
      text += rng.below(2) ? "\r\n" : "\n";
    }
    CAPTURE(text);
    const auto found = read(text);
    REQUIRE(found.size() == rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      CHECK(found[r].fields == rows[r]);
      CHECK(found[r].line == lines[r]);
    }
  }
}

TEST_CASE("csv: what is wrong is told with its line", "[data][csv]") {
  CHECK_THROWS_WITH(read("a,b\n1,2\n3\n"), Contains("has 1 fields") && Contains("x.csv:3"));
  CHECK_THROWS_WITH(read("a,b\n1,2,3"), Contains("has 3 fields") && Contains("x.csv:2"));
  CHECK_THROWS_WITH(read("a,b\n1,\"open\n3,4\n"), Contains("quote") && Contains("x.csv:2"));
  CHECK_THROWS_WITH(read("a,b\n1,mid\"dle\n"), Contains("quote") && Contains("x.csv:2"));
  CHECK_THROWS_WITH(read("a,b\n1,\"x\"y\n"), Contains("quote") && Contains("x.csv:2"));
  CHECK_THROWS_WITH(read("a,b\n1,\xFF\n"), Contains("UTF-8") && Contains("x.csv:2"));
}

TEST_CASE("csv: a field of megabytes", "[data][csv]") {
  const std::string field(20'000'000, 'x');
  const auto rows = fields("a,b\n1,\"" + field + "\"\n");
  REQUIRE(rows.size() == 2);
  CHECK((rows[1][1] == field));
}

TEST_CASE("csv: mutated files", "[data][csv]") { CHECK(mutated(20000) > 1000); }

TEST_CASE("csv: as many mutated files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  mutated(count ? std::strtoull(count, nullptr, 10) : 1000000);
}

TEST_CASE("csv: reviews as they are published", "[data][csv]") {
  const auto file = corpus("chinese-sentiment/waimai_10k.csv");
  if (!file) {
    WARN("skipped: no chinese-sentiment/waimai_10k.csv in RNNLAB_TEST_DATA");
    return;
  }
  const auto rows = fields(text_of(*file));
  CHECK(rows.size() == 11988);
  CHECK(rows[0] == std::vector<std::string>{"label", "review"});
  CHECK(std::count_if(rows.begin(), rows.end(), [](const auto& r) { return r[0] == "1"; }) == 4000);
}
