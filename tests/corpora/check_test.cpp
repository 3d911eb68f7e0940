#include "corpora/check.hpp"

#include <catch2/catch.hpp>

#include "data/corpora.hpp"
#include "made_corpus.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;
using State = FileCheck::State;

TEST_CASE("check: right, different, missing", "[corpora][check]") {
  const Scratch scratch;
  const std::string text = "a b  c\n\n d\te\r\n<unk> .";
  KnownFile file = known_file("x.txt", text);
  file.counts = {{Counted::lines, 4}, {Counted::tokens, 7 + 4}};
  const auto check = [&](const std::string& bytes) {
    write_file(scratch.path("x.txt"), bytes);
    return check_file(file, scratch.path(""));
  };
  const FileCheck right = check(text);
  CHECK(right.state == State::right);
  CHECK(right.why.empty());
  CHECK(right.sha256 == sha256(text));
  CHECK(in_words(right.counts.at(0)) == "4 lines");
  CHECK(in_words(right.counts.at(1)) == "11 tokens");

  const FileCheck changed = check("a b  C" + text.substr(6));
  CHECK(changed.state == State::differs);
  CHECK(changed.why == "its SHA-256 differs");
  const FileCheck longer = check(text + "\nmore words");
  CHECK(longer.state == State::differs);
  CHECK_THAT(longer.why, Contains("bytes instead of") && Contains("5 lines instead of 4") &&
                             Contains("14 tokens instead of 11"));
  const FileCheck damaged = check("\xFF" + text.substr(1));
  CHECK(damaged.state == State::differs);
  CHECK_THAT(damaged.why, Contains("invalid UTF-8") && Contains("x.txt:1"));
  std::filesystem::remove(scratch.path("x.txt"));
  CHECK(check_file(file, scratch.path("")).state == State::missing);

  // One whose hash nobody knows is known by size and counts.
  file.sha256.clear();
  CHECK(check("a b  C" + text.substr(6)).state == State::right);
  CHECK(check("a\nb  c" + text.substr(6)).state == State::differs);
}

TEST_CASE("check: images and labels of an idx file", "[corpora][check]") {
  const Scratch scratch;
  const std::string idx{
      "\0\0\x08\x01\0\0\x01\x02"
      "labels",
      14};
  KnownFile file = known_file("idx", idx);
  file.counts = {{Counted::items, 258}};
  write_file(scratch.path("idx"), idx);
  CHECK(check_file(file, scratch.path("")).state == State::right);
  write_file(scratch.path("idx"), "\x1f\x8b\x08\x01\x00");
  CHECK_THAT(check_file(file, scratch.path("")).why, Contains("it is no idx file"));
}

TEST_CASE("check: the real corpora have the counts that are known", "[corpora][check]") {
  for (const KnownCorpus& known : known_corpora()) {
    const auto folder = corpus(known.name);
    if (!folder) {
      WARN("skipped: no " << known.name << " in RNNLAB_TEST_DATA");
      continue;
    }
    for (const KnownFile& file : known.files) {
      INFO(known.name << "/" << file.name);
      const FileCheck check = check_file(file, *folder);
      INFO(check.why);
      CHECK(check.state == State::right);
    }
  }
}
