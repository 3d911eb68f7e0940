#include "data/text_table.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "archives.hpp"
#include "base/error.hpp"
#include "files.hpp"
#include "memory_file.hpp"
#include "mutations.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

TextTable read(const std::string& path, std::uint64_t seed = 0) {
  return read_text_table({.path = path, .columns = {"document", "summary"}, .seed = seed});
}

std::string refusal(const std::string& path) {
  try {
    read(path);
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "no error";
}

std::string rows(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "d" + std::to_string(i / 2) + "\ts" + std::to_string(i) + "\n";
  return text;
}

/// Tables that are damaged: refused by file and line, or read as so many whole rows as there are
/// lines.
void check_mutations(bool many) {
  const MemoryFile file;
  const std::string whole = "Document\tSummary\n" + rows(40) + "Ärger 小\tgroß é\r\n";
  std::uint64_t read_whole = 0;
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({22, Stream::test}, i);
    const std::string bytes = mutated(whole, rng);
    file.put(bytes);
    try {
      const TextTable table = read(file.path());
      ++read_whole;
      std::size_t count = 0;
      for (const auto& part : table.parts) {
        count += part.size();
        for (const TextRow& row : part)
          if (row.cells.size() != 2 || row.cells[0].empty() || row.cells[1].empty())
            FAIL("input " << i << " has a row that is none");
      }
      const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
      if (count > lines + 1 || count + 1 < lines)
        FAIL("input " << i << ": " << count << " rows of " << lines << " lines");
    } catch (const Error& error) {
      if (error.code() != Exit::data) FAIL("input " << i << ": " << error.what());
    }
  }
  CHECK(read_whole > 0);
  CHECK(read_whole < inputs(many));
}

}  // namespace

TEST_CASE("a table in three files has their parts", "[data][text_table]") {
  const Scratch scratch;
  write_file(scratch.path("train.tsv"), "a b\tc\nd\té\r\n");
  write_file(scratch.path("dev.tsv"), "x\ty");
  write_gzip(scratch.path("test.tsv.gz"), "u\tv\n");
  const TextTable table = read(scratch.path(""));
  REQUIRE(table.parts[0].size() == 2);
  CHECK(table.parts[0][1].cells == std::vector<std::string_view>{"d", "é"});
  CHECK(table.where(table.parts[0][1]).ends_with("train.tsv:2"));
  REQUIRE(table.parts[1].size() == 1);
  CHECK(table.parts[1][0].cells[1] == "y");
  REQUIRE(table.parts[2].size() == 1);
  CHECK(table.parts[2][0].cells[0] == "u");
  CHECK(table.sha256.size() == 64);
}

TEST_CASE("a header is no row", "[data][text_table]") {
  const Scratch scratch;
  write_file(scratch.path("train.tsv"), "Document\tSummary\na\tb\ndocument\tsummary\n");
  write_file(scratch.path("valid.tsv"), "document\tc\n");
  write_file(scratch.path("test.tsv"), "a\tb\n");
  const TextTable table =
      read_text_table({.path = scratch.path(""), .columns = {"document", "summary"}});
  REQUIRE(table.parts[0].size() == 2);
  CHECK(table.where(table.parts[0][0]).ends_with("train.tsv:2"));
  CHECK(table.parts[1].size() == 1);
  write_file(scratch.path("test.tsv"), "document\tsummary\n");
  CHECK_THROWS_WITH(read_text_table({.path = scratch.path(""), .columns = {"document", "summary"}}),
                    Catch::Contains("the file is empty"));
}

TEST_CASE("rows of one text are dealt into one part, as the seed says", "[data][text_table]") {
  const Scratch scratch;
  write_file(scratch.path("all.txt"), rows(100));
  const auto texts = [](const std::vector<TextRow>& rows) {
    std::set<std::string> all;
    for (const TextRow& row : rows) all.emplace(row.cells[0]);
    return all;
  };
  const TextTable table = read(scratch.path("all.txt")), again = read(scratch.path("all.txt")),
                  other = read(scratch.path("all.txt"), 1);
  CHECK(table.parts[0].size() == 80);
  CHECK(table.parts[1].size() == 10);
  CHECK(table.parts[2].size() == 10);
  std::size_t different = 0;
  for (const auto& part : table.parts) different += texts(part).size();
  CHECK(different == 50);
  CHECK(texts(table.parts[2]) == texts(again.parts[2]));
  CHECK(texts(table.parts[2]) != texts(other.parts[2]));
  CHECK(table.sha256 == other.sha256);
}

TEST_CASE("a table that cannot be read says where", "[data][text_table]") {
  const Scratch scratch;
  const std::string file = scratch.path("t.tsv");
  const auto refused = [&](const std::string& text) {
    write_file(file, text);
    return refusal(file);
  };
  CHECK_THAT(refused(rows(20) + "alone\n"),
             Contains("1 column") && Contains("t.tsv:21") && Contains("document, a tab, summary"));
  CHECK_THAT(refused("a\tb\tc\n"), Contains("3 columns") && Contains("t.tsv:1"));
  CHECK_THAT(refused(rows(20) + "\n"), Contains("1 column") && Contains("t.tsv:21"));
  CHECK_THAT(refused(rows(20) + "a\t \n"), Contains("summary is empty") && Contains("t.tsv:21"));
  CHECK_THAT(refused("a\tb\n\xFF\tb\n"), Contains("UTF-8") && Contains("t.tsv:2"));
  CHECK_THAT(refused(""), Contains("empty") && Contains("t.tsv"));
  CHECK_THAT(refused(rows(4)), Contains("too few different texts") && Contains("t.tsv"));
  CHECK_THAT(refused("a\t" + std::string(17 << 20, 'x') + "\n"), Contains("bytes"));
  CHECK_THAT(refusal(scratch.path("none.tsv")), Contains("none.tsv"));
  write_file(scratch.path("train.tsv"), rows(4));
  CHECK_THAT(refusal(scratch.path("")), Contains("there is no valid.tsv"));
  std::filesystem::remove(scratch.path("train.tsv"));
  write_file(scratch.path("u.tsv"), rows(4));
  CHECK_THAT(refusal(scratch.path("")), Contains("several tables: t.tsv, u.tsv"));
}

TEST_CASE("mutated tables", "[data][text_table]") { check_mutations(false); }
TEST_CASE("text tables: many mutated files", "[.fuzz]") { check_mutations(true); }
