#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "archives.hpp"
#include "base/error.hpp"
#include "data/corpus.hpp"
#include "mutations.hpp"
#include "python.hpp"
#include "record/scratch.hpp"
#include "utf8_grammar.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// All that a corpus has, or nothing where it is refused as data.
std::optional<std::vector<std::string>> all_bytes(const std::string& path) {
  std::vector<std::string> all;
  try {
    const Corpus corpus(path);
    for (const std::string& file : corpus.files()) all.push_back(corpus.bytes(file));
    return all;
  } catch (const Error& error) {
    if (error.code() != Exit::data) FAIL(error.what());
    return {};
  }
}

std::string unpacked(const std::string& file) {
  const gzFile in = gzopen(file.c_str(), "rb");
  REQUIRE(in);
  std::string bytes;
  char block[4096];
  for (int got = 0; (got = gzread(in, block, sizeof block)) > 0;)
    bytes.append(block, static_cast<std::size_t>(got));
  gzclose(in);
  return bytes;
}

const std::string text =
    "one\ntwo \xC3\xA9\r\n\n\xE5\xB0\x8F\tthree " + std::string(600, 'x') + "\n";

/// Damaged archives: what is read is what was packed, of gzip what zlib's own reader makes of it
/// (two bytes changed can be a right file of nothing), or nothing.
void check_archives(bool many) {
  const Scratch scratch;
  for (const std::string name : {"x.gz", "x.zip"}) {
    const std::string file = scratch.path(name);
    name == "x.gz" ? write_gzip(file, text) : write_zip(file, {{"a/x.txt", text}, {"y", "y"}});
    const std::string whole = text_of(file);
    std::uint64_t read = 0;
    for (std::uint64_t i = 0; i < inputs(many); ++i) {
      Rng rng({11, Stream::test}, i);
      write_file(file, mutated(whole, rng));
      const auto found = all_bytes(file);
      if (!found) continue;
      ++read;
      for (const std::string& bytes : *found)
        if (name == "x.gz" ? bytes != unpacked(file) : bytes != text && bytes != "y")
          FAIL(name << ", input " << i << " is read as something else");
    }
    CHECK(read < inputs(many));  // some of them were damaged, to be sure
  }
}

/// Damaged headers of tar, below a gzip that is right, so that nothing but tar's own sums tell.
void check_tars(bool many) {
  const Scratch scratch;
  REQUIRE(python("data/make_tars.py", scratch.path("")).code == 0);
  std::vector<std::string> tars;
  for (const std::string format : {"ustar", "gnu", "pax"})
    tars.push_back(unpacked(scratch.path(format + ".tar.gz")).substr(0, 9000));
  const std::string file = scratch.path("x.tar.gz");
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({12, Stream::test}, i);
    std::string tar = mutated(tars[i % tars.size()], rng);
    // Half of them with headers whose sums are right again, so that what they say is believed.
    for (std::size_t at = 0; i % 2 == 0 && at + 512 <= tar.size(); at += 512) {
      if (tar.compare(at + 257, 5, "ustar") != 0) continue;
      std::fill_n(tar.begin() + static_cast<std::ptrdiff_t>(at + 148), 8, ' ');
      unsigned sum = 0;
      for (std::size_t k = 0; k < 512; ++k) sum += static_cast<unsigned char>(tar[at + k]);
      for (std::size_t k = 0; k < 6; ++k, sum /= 8)
        tar[at + 153 - k] = static_cast<char>('0' + sum % 8);
    }
    write_gzip(file, tar, "wb1");
    const auto found = all_bytes(file);
    std::size_t bytes = 0;
    for (const std::string& one : found.value_or(std::vector<std::string>{})) bytes += one.size();
    if (bytes > tar.size()) FAIL("input " << i << " has more bytes than it is long");
  }
}

/// Lines as RFC 3629's grammar and a loop over bytes find them.
void check_lines(bool many) {
  std::uint64_t valid = 0;
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({13, Stream::test}, i);
    const std::string whole = mutated(i % 3 == 0 ? "\xEF\xBB\xBF" + text : text, rng);
    std::vector<std::string> expected;
    std::string line;
    const std::string bytes = whole.starts_with("\xEF\xBB\xBF") ? whole.substr(3) : whole;
    for (std::size_t k = 0; k < bytes.size(); ++k) {
      if (bytes[k] != '\n') line += bytes[k];
      if (bytes[k] != '\n' && k + 1 < bytes.size()) continue;
      if (line.ends_with('\r')) line.pop_back();
      expected.push_back(std::exchange(line, {}));
    }
    const auto bad = std::find_if(expected.begin(), expected.end(), [](const std::string& one) {
      return valid_bytes(one) < one.size();
    });
    std::string complaint;
    std::vector<std::string> found;
    try {
      for (const TextLine& one : text_lines(whole, "x")) found.emplace_back(one.text);
    } catch (const Error& error) {
      complaint = error.what();
    }
    if (bad == expected.end() ? found != expected
                              : complaint.find("(x:" + std::to_string(bad - expected.begin() + 1) +
                                               ")") == std::string::npos)
      FAIL("input " << i << ": " << complaint);
    valid += bad == expected.end();
  }
  CHECK(valid > 0);
  CHECK(valid < inputs(many));
}

/// A folder whose files are damaged: read as they are.
void check_folder(bool many) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("folder"));
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({14, Stream::test}, i);
    const std::string bytes = mutated(text, rng);
    write_file(scratch.path("folder/x.txt"), bytes);
    if (all_bytes(scratch.path("folder")) != std::vector{bytes}) FAIL("input " << i);
  }
}

}  // namespace

TEST_CASE("corpus: mutated archives, folders and texts", "[data][corpus]") {
  check_archives(false);
  check_tars(false);
  check_folder(false);
  check_lines(false);
}

TEST_CASE("corpus: many mutated archives", "[.fuzz]") { check_archives(true); }
TEST_CASE("corpus: many mutated tar headers", "[.fuzz]") { check_tars(true); }
TEST_CASE("corpus: many mutated folders and texts", "[.fuzz]") {
  check_folder(true);
  check_lines(true);
}
