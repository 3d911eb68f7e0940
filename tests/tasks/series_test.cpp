#include "series.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

using Values = std::vector<double>;
using Names = std::vector<std::string>;

Series read(const std::string& bytes, const SeriesColumns& columns = {}) {
  return read_series(bytes, "x.csv", columns);
}

std::pair<Exit, std::string> complaint(const std::string& bytes,
                                       const SeriesColumns& columns = {}) {
  try {
    read(bytes, columns);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {Exit::done, ""};
}

/// Mutations of a small file are read, or refused in one line; counts how many were refused.
std::uint64_t mutated(std::uint64_t count) {
  const std::string good = "a,b\n1,2.5\n-3,\"4e1\"\n 5 ,6\n";
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng({4, Stream::test}, i);
    std::string bytes = good;
    for (auto n = 1 + rng.below(3); n > 0; --n) {
      if (bytes.empty()) bytes = "1";
      const auto at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      constexpr char pool[] = "\",\n\r\0 a\xFF.-e9;";
      const char c = pool[rng.below(sizeof pool - 1)];
      switch (rng.below(3)) {
        case 0: bytes[at] = c; break;
        case 1: bytes.insert(at, 1, c); break;
        default: bytes.erase(at, 1 + rng.below(3)); break;
      }
    }
    try {
      const Series series = read(bytes, {.all = rng.below(2) == 0});
      REQUIRE(series.target < series.columns());
      REQUIRE(series.rows() * series.columns() == series.values.size());
      REQUIRE(std::all_of(series.values.begin(), series.values.end(),
                          [](double value) { return std::isfinite(value); }));
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains("x.csv"));
      ++refused;
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("series: the last column of numbers, one by name or number, or all", "[tasks][series]") {
  const std::string plain =
      "date,load,note,temperature\r\n2016-07-01,5.5,a,30.5\r\n2016-07-02,\"-6e1\",b,27\r\n"
      "2016-07-03, 7 ,c,0.5\r\n";
  CHECK(read(plain).values == Values{30.5, 27, 0.5});
  CHECK(read(plain).names == Names{"temperature"});
  CHECK(read(plain, {.target = "load"}).values == Values{5.5, -60, 7});
  CHECK(read(plain, {.target = "2"}).values == Values{5.5, -60, 7});
  const Series all = read(plain, {.target = "load", .all = true});
  CHECK(all.names == Names{"load", "temperature"});
  CHECK(all.target == 0);
  CHECK(all.rows() == 3);
  CHECK(all.values == Values{5.5, 30.5, -60, 27, 7, 0.5});
}

TEST_CASE("series: with a header and without, other delimiters", "[tasks][series]") {
  CHECK(read("1,2\n3,4\n").values == Values{2, 4});
  CHECK(read("1,2\n3,4\n").names == Names{"2"});
  CHECK(read("\xEF\xBB\xBF\"a\",b\n3,4").values == Values{4});
  // Years as names are numbers: what is a header has to be said.
  CHECK(read("1990,1991\n3,4\n").values == Values{1991, 4});
  CHECK(read("1990,1991\n3,4\n", {.header = SeriesColumns::there}).values == Values{4});
  CHECK(read("1990,1991\n3,4\n", {.header = SeriesColumns::there, .target = "1990"}).values ==
        Values{3});
  CHECK(complaint("a,b\n3,4\n", {.header = SeriesColumns::none}).first == Exit::data);
  CHECK(read("d;b\nx;2\ny;3\n", {.delimiter = ';'}).values == Values{2, 3});
  CHECK(read("d\tb\nx\t2\ny\t3\n", {.delimiter = '\t'}).values == Values{2, 3});
  // A name that is a number stands before the place.
  CHECK(read("2,x\n5,6\n", {.header = SeriesColumns::there, .target = "2"}).values == Values{5});
}

TEST_CASE("series: what is wrong is told with its line", "[tasks][series]") {
  struct Case {
    std::string bytes;
    SeriesColumns columns;
    Exit code;
    std::string what, where;
  };
  const std::vector<Case> cases{
      {"", {}, Exit::data, "the file is empty", "(x.csv)"},
      {"a,b\n", {}, Exit::data, "no row but the header", "(x.csv)"},
      {"a,b\nx,y\n", {}, Exit::data, "no column holds a number", "x.csv:2"},
      {"a,b\n1,2\n3,\n", {}, Exit::data, "column b holds nothing", "x.csv:3"},
      {"a,b\n1,2\n3, \n", {}, Exit::data, "column b holds nothing", "x.csv:3"},
      {"a,b\n1,2\n\n3,NA\n", {}, Exit::data, "holds NA, which is no number", "x.csv:4"},
      {"a,b\n1,2\n3,nan\n", {}, Exit::data, "holds nan, which is no number", "x.csv:3"},
      {"a,b\n1,2\n3,1e999\n", {}, Exit::data, "holds 1e999, which is no number", "x.csv:3"},
      {"a,b\n1,2\n3,4 5\n", {}, Exit::data, "holds 4 5, which is no number", "x.csv:3"},
      {"a,b\nx,2\n", {.target = "a"}, Exit::data, "column a holds x", "x.csv:2"},
      {"a,b\n1,2\n3\n", {}, Exit::data, "has 1 fields", "x.csv:3"},
      {"a,b\n1,2\n", {.target = "c"}, Exit::usage, "there is no column c", "task.column"},
      {"a,b\n1,2\n", {.target = "3"}, Exit::usage, "there is no column 3", "task.column"},
      {"a,b\n1,2\n", {.target = "0"}, Exit::usage, "there is no column 0", "task.column"},
      {"1,2\n", {.target = "a"}, Exit::usage, "a number from 1 to 2", "task.column"},
      {"a,a\n1,2\n", {.target = "a"}, Exit::usage, "2 columns are called a", "task.column"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.bytes, c.columns.target);
    const auto [code, text] = complaint(c.bytes, c.columns);
    CHECK(code == c.code);
    CHECK_THAT(text, Contains(c.what) && Contains(c.where));
  }
}

TEST_CASE("series: mutated files", "[tasks][series]") { CHECK(mutated(20000) > 1000); }

TEST_CASE("series: as many mutated files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  mutated(count ? std::strtoull(count, nullptr, 10) : 1000000);
}
