#include "data/corpus.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <zip.h>
#include <zlib.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("rnnlab-corpus-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& bytes) const {
    fs::create_directories((path / name).parent_path());
    write_file(path / name, bytes);
    return (path / name).string();
  }
};

void write_gzip(const std::string& file, const std::string& text) {
  const gzFile out = gzopen(file.c_str(), "wb");
  REQUIRE(out);
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
}

void write_zip(const std::string& file,
               const std::vector<std::pair<std::string, std::string>>& members) {
  int code = 0;
  zip_t* const out = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(out);
  for (const auto& [name, text] : members) {
    zip_source_t* const source = zip_source_buffer(out, text.data(), text.size(), 0);
    REQUIRE(zip_file_add(out, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  REQUIRE(zip_close(out) == 0);
}

/// What a reader says of a damaged file; empty where it reads all of `text` all the same.
std::string complaint(const std::string& path, const std::string& text) {
  try {
    const Corpus corpus(path);
    for (const std::string& file : corpus.files()) {
      if (corpus.bytes(file) != text) return "other bytes";
    }
    return {};
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
}

const std::string text = [] {
  std::string lines;
  for (int i = 0; i < 20000; ++i) lines += "line " + std::to_string(i * i) + "\n";
  return lines;
}();

}  // namespace

TEST_CASE("corpus: a folder, a file, gzip and zip have the same bytes", "[data][corpus]") {
  const Folder folder;
  folder.file("deep/er/notes.txt", "deeper");
  folder.file("notes.txt", text);
  const Corpus all(folder.path.string());
  CHECK(all.files() == std::vector<std::string>{"deep/er/notes.txt", "notes.txt"});
  CHECK(all.find("notes.txt") == "notes.txt");
  CHECK_FALSE(all.find("notes"));
  CHECK(all.bytes("notes.txt") == text);
  CHECK(all.where("notes.txt") == (folder.path / "notes.txt").string());

  const Corpus one((folder.path / "notes.txt").string());
  CHECK(one.files() == std::vector<std::string>{"notes.txt"});
  CHECK(one.bytes("notes.txt") == text);

  const std::string packed = (folder.path / "notes.gz").string();
  write_gzip(packed, text);
  CHECK(Corpus(packed).bytes("notes.gz") == text);
  CHECK(Corpus(folder.path.string()).find("notes") == "notes.gz");

  const std::string archive = (folder.path / "all.zip").string();
  write_zip(archive, {{"a/notes.txt", text}, {"b.txt", "b"}});
  const Corpus zipped(archive);
  CHECK(zipped.files() == std::vector<std::string>{"a/notes.txt", "b.txt"});
  CHECK(zipped.bytes(*zipped.find("notes.txt")) == text);
  CHECK(zipped.where("b.txt") == archive + "/b.txt");
}

TEST_CASE("corpus: gzip members one after the other are one text", "[data][corpus]") {
  const Folder folder;
  const std::string a = (folder.path / "a.gz").string(), b = (folder.path / "b.gz").string();
  write_gzip(a, text);
  write_gzip(b, "more");
  CHECK(Corpus(folder.file("both.gz", text_of(a) + text_of(b))).bytes("both.gz") == text + "more");
}

TEST_CASE("corpus: damaged archives are told, never read as something else", "[data][corpus]") {
  const Folder folder;
  const bool zip = GENERATE(false, true);
  const std::string name = zip ? "x.zip" : "x.gz", whole = (folder.path / name).string();
  zip ? write_zip(whole, {{"x.txt", text}}) : write_gzip(whole, text);
  const std::string bytes = text_of(whole);
  REQUIRE(complaint(whole, text).empty());
  for (std::size_t keep = 0; keep < bytes.size(); keep += keep < 64 ? 1 : bytes.size() / 50) {
    CAPTURE(keep);
    CHECK_THAT(complaint(folder.file(name, bytes.substr(0, keep)), text), Contains(name));
  }
  for (std::uint64_t i = 0; i < 500; ++i) {
    Rng rng({9, Stream::test}, i);
    std::string damaged = bytes;
    const auto at = rng.below(static_cast<std::uint32_t>(bytes.size()));
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << rng.below(8)));
    CAPTURE(at);
    CHECK(complaint(folder.file(name, damaged), text) != "other bytes");
  }
}

TEST_CASE("corpus: what is not there", "[data][corpus]") {
  const Folder folder;
  const std::string none = (folder.path / "none").string();
  CHECK_THROWS_WITH(Corpus(none), Contains("No such file") && Contains(none));
  CHECK_THROWS_WITH(Corpus(folder.path.string()), Contains("the folder is empty"));
  CHECK_THROWS_WITH(Corpus("/dev/null"), Contains("no regular file"));
  CHECK_THROWS_WITH(Corpus(folder.file("no.zip", "PK")), Contains("cannot read the archive"));
}

TEST_CASE("corpus: lines and their numbers", "[data][corpus]") {
  const auto texts = [](std::string_view bytes) {
    std::vector<std::string> found;
    std::int64_t number = 0;
    for (const TextLine& line : text_lines(bytes, "x")) {
      CHECK(line.number == ++number);
      found.emplace_back(line.text);
    }
    return found;
  };
  using Lines = std::vector<std::string>;
  CHECK(texts("") == Lines{});
  CHECK(texts("\xEF\xBB\xBF") == Lines{});
  CHECK(texts("\xEF\xBB\xBF"
              "a\r\nb\n\nc") == Lines{"a", "b", "", "c"});
  CHECK(texts("a\n") == Lines{"a"});
  CHECK(texts("a\rb\n\r\n") == Lines{"a\rb", ""});
  CHECK_THROWS_WITH(text_lines("a\nb\xFF\n", "file.txt"), Contains("file.txt:2"));
}
