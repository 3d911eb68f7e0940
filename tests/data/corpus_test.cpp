#include "data/corpus.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <sys/resource.h>

#include "archives.hpp"
#include "base/error.hpp"
#include "base/rng.hpp"
#include "error_of.hpp"
#include "python.hpp"
#include "record/scratch.hpp"

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

TEST_CASE("corpus: zeros behind a gzip file are padding, anything else is not", "[data][corpus]") {
  const Folder folder;
  const std::string whole = (folder.path / "a.gz").string();
  write_gzip(whole, text);
  const std::string bytes = text_of(whole);
  CHECK(Corpus(folder.file("b.gz", bytes + std::string(512, '\0'))).bytes("b.gz") == text);
  CHECK_THAT(complaint(folder.file("b.gz", bytes + std::string(512, '\0') + "x"), text),
             Contains("damaged"));
}

TEST_CASE("corpus: a link goes by its own name", "[data][corpus]") {
  const Folder folder;
  const std::string blob = folder.file("blobs/7c85", "text");
  fs::create_directory(folder.path / "snapshot");
  fs::create_symlink("../blobs/7c85", folder.path / "snapshot" / "train.txt");
  const Corpus corpus((folder.path / "snapshot").string());
  CHECK(corpus.files() == std::vector<std::string>{"train.txt"});
  CHECK(corpus.bytes("train.txt") == "text");
}

TEST_CASE("corpus: a zip that contradicts itself is not trusted to have empty files",
          "[data][corpus]") {
  const Folder folder;
  const std::string whole = (folder.path / "a.zip").string();
  write_zip(whole, {{"x.txt", text}, {"empty.txt", ""}});
  CHECK(Corpus(whole).bytes("empty.txt").empty());
  std::string bytes = text_of(whole);
  bytes[10] = static_cast<char>(bytes[10] ^ 1);  // of the time before the first file
  const Corpus corpus(folder.file("b.zip", bytes));
  CHECK(corpus.bytes("x.txt") == text);
  CHECK_THAT(error_of([&] { corpus.bytes("empty.txt"); }),
             Catch::StartsWith("4: ") && Contains("contradicts itself"));
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

TEST_CASE("corpus: .tar.gz as three kinds of tar have it", "[data][corpus]") {
  const Scratch scratch;
  const Python made = python("data/make_tars.py", scratch.path(""));
  INFO(made.output);
  REQUIRE(made.code == 0);
  const std::string format = GENERATE("ustar", "gnu", "pax");
  const Corpus corpus(scratch.path(format + ".tar.gz"));

  const auto repeated = [](const std::string& name, int lines) {
    std::string all;
    for (int i = 0; i < lines; ++i) all += name + "\n";
    return all;
  };
  const std::string deep = "deep/" + std::string(90, 'd') + "/" + std::string(90, 'f') + ".txt";
  std::map<std::string, std::string> files{{"plain.txt", repeated("./plain.txt", 1)},
                                           {"empty.txt", ""},
                                           {"block.txt", repeated("block.txt", 51)},
                                           {deep, repeated(deep, 100)},
                                           {"../outside.txt", repeated("../outside.txt", 3)},
                                           {"/absolute.txt", repeated("/absolute.txt", 4)},
                                           {"twice.txt", repeated("twice.txt", 5)},
                                           {"小/名.txt", repeated("小/名.txt", 6)},
                                           {"last.txt", repeated("last.txt", 2000)}};
  if (format != "ustar") files[std::string(300, 'n') + ".txt"] = "long";
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) {
    CAPTURE(name);
    names.push_back(name);
    CHECK(corpus.bytes(name) == bytes);
  }
  CHECK(corpus.files() == names);
  CHECK(corpus.find("名.txt") == "小/名.txt");
  // Its names are never paths.
  CHECK_FALSE(fs::exists(fs::path(scratch.path("")).parent_path() / "outside.txt"));

  fs::copy(scratch.path(format + ".tar.gz"), scratch.path("x.tgz"));
  CHECK(Corpus(scratch.path("x.tgz")).files() == names);
}

TEST_CASE("corpus: a .tar.gz that is none", "[data][corpus]") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes) {
    const std::string file = (folder.path / "x.tar.gz").string();
    write_gzip(file, bytes);
    return complaint(file, "");
  };
  CHECK_THAT(refused(""), Contains("the archive is empty") && Contains("x.tar.gz"));
  CHECK_THAT(refused(std::string(1024, '\0')), Contains("the archive is empty"));
  CHECK_THAT(refused("no tar"), Contains("the tar archive is damaged"));
  CHECK_THAT(refused(text), Contains("the tar archive is damaged"));
  CHECK_THAT(complaint(folder.file("y.tgz", text), ""), Contains("the gzip file is damaged"));
}

#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory
TEST_CASE("corpus: no more memory than packed and unpacked bytes", "[data][corpus]") {
  const Scratch scratch;
  constexpr std::int64_t megabytes = 100, size = megabytes << 20;
  const std::string kind = GENERATE("x.txt", "x.gz", "x.zip", "lines");
  Child child([&] {
    const auto peak = [] {
      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      return usage.ru_maxrss * 1024;
    };
    const std::string file = scratch.path(kind == "lines" ? "x.txt" : kind);
    // Made by yet another process, so that its memory is not counted here.
    const int made = Child([&] {
                       const std::string line(size, 'a');  // a line of 100 MB
                       if (kind == "x.gz") {
                         write_gzip(file, line, "wb1");
                       } else if (kind == "x.zip") {
                         write_zip(file, {{"x.txt", line}});
                       } else {
                         write_file(file, line);
                       }
                       return 0;
                     }).wait();
    if (made != 0) return 1;
    const Corpus corpus(file);
    const auto before = peak();
    const std::string bytes = corpus.bytes(corpus.files().front());
    if (std::ssize(bytes) != size) return 2;
    if (kind == "lines" && text_lines(bytes, "x").size() != 1) return 3;
    return peak() - before < size + (8 << 20) ? 0 : 4;
  });
  CHECK(child.wait() == 0);
}
#endif

TEST_CASE("corpus: what is not there", "[data][corpus]") {
  const Folder folder;
  const std::string none = (folder.path / "none").string();
  CHECK_THROWS_WITH(Corpus(none), Contains("such file") && Contains(none));
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
