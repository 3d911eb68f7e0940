#include "data/parallel_text.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <zlib.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpora.hpp"
#include "data/translation_corpus.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;
using Pairs = std::vector<std::pair<std::string, std::string>>;

ParallelOptions english_french(const std::string& path) {
  return {.path = path, .source = "en", .target = "fr", .test = "test"};
}

Pairs pairs_of(const ParallelText& text, std::size_t part = 0) {
  Pairs pairs;
  for (const SentencePair& pair : text.parts[part]) pairs.emplace_back(pair.source, pair.target);
  return pairs;
}

std::string file(const Scratch& scratch, const std::string& name, const std::string& bytes) {
  fs::create_directories(fs::path(scratch.path(name)).parent_path());
  write_file(scratch.path(name), bytes);
  return scratch.path(name);
}

std::string complaint(const ParallelOptions& options) {
  try {
    read_parallel_text(options);
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "nothing";
}

std::string complaint(const std::string& bytes) {
  const Scratch scratch;
  return complaint(english_french(file(scratch, "p.tsv", bytes)));
}

/// Reads corpora with some bytes changed.
void read_damaged(std::int64_t rounds) {
  const Scratch scratch;
  const std::string good =
      "Go.\tVa !\tCC-BY\nI'm 5.\tJ'ai 5,0 ans.\nHe said: \"No\".\t“Non”\n你\t好。\n";
  Rng rng({5, Stream::train}, 0);
  std::int64_t read = 0;
  for (std::int64_t i = 0; i < rounds; ++i) {
    std::string bytes = good;
    for (std::uint32_t n = rng.below(4); n > 0 || i % 7 == 0; n -= n > 0) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      const std::uint32_t what = rng.below(4);
      if (what == 0) bytes[at] = static_cast<char>(rng.below(256));
      if (what == 1) bytes.erase(at, 1 + rng.below(8));
      if (what == 2) bytes.insert(at, 1, "\t\n\r\0 .\xE2"[rng.below(7)]);
      if (what == 3) bytes.insert(at, bytes.substr(0, at));
      if (n == 0 || bytes.empty()) break;
    }
    write_file(scratch.path("p.tsv"), bytes);
    TranslationOptions options;
    options.path = scratch.path("p.tsv");
    options.valid_share = options.test_share = 0.3;
    options.source_tokens = i % 2 ? "characters" : "words";
    try {
      const TranslationCorpus corpus(options);
      read += corpus.examples(Stream::train) > 0;
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
    }
  }
  CHECK(read > rounds / 10);
  CHECK(read < rounds);
}

}  // namespace

TEST_CASE("rows of two or three columns, either first", "[data][parallel]") {
  const Scratch scratch;
  const std::string path =
      file(scratch, "fra.txt",
           "\xEF\xBB\xBFGo.\tVa !\r\nHi.\tSalut.\tCC-BY 2.0 #1 & #2\r\nRun!\tCours\xE2\x80\xAF!");
  ParallelOptions options = english_french(path);
  const ParallelText text = read_parallel_text(options);
  CHECK_FALSE(text.split);
  CHECK(pairs_of(text) ==
        Pairs{{"Go.", "Va !"}, {"Hi.", "Salut."}, {"Run!", "Cours\xE2\x80\xAF!"}});
  CHECK(text.where(text.parts[0][2]) == path + ":3");
  options.source_first = false;
  CHECK(pairs_of(read_parallel_text(options))[1] ==
        std::pair<std::string, std::string>{"Salut.", "Hi."});
}

TEST_CASE("a folder's one table is read, whatever lies beside it", "[data][parallel]") {
  const Scratch scratch;
  file(scratch, "c/fra.txt", "Go.\tVa !\n");
  file(scratch, "c/_about.txt", "no table\n");
  CHECK(pairs_of(read_parallel_text(english_french(scratch.path("c")))).size() == 1);
  file(scratch, "c/deu.txt", "Go.\tGeh.\n");
  CHECK_THAT(complaint(english_french(scratch.path("c"))),
             Contains("several tables: deu.txt, fra.txt"));
  file(scratch, "none/readme.md", "x");
  file(scratch, "none/other.md", "x");
  CHECK_THAT(complaint(english_french(scratch.path("none"))), Contains("train.en and train.fr"));
}

TEST_CASE("parallel files of a folder, with their parts", "[data][parallel]") {
  const Scratch scratch;
  for (const auto& [name, text] : Pairs{{"train.en", "A.\nB.\n"},
                                        {"train.fr", "a.\nb.\n"},
                                        {"valid.en", "C.\n"},
                                        {"valid.fr", "c.\n"},
                                        {"test.en", "D.\tE.\n"}}) {
    file(scratch, "p/" + name, text);
  }
  const gzFile out = gzopen(scratch.path("p/test.fr.gz").c_str(), "wb");
  gzputs(out, "d.\n");
  gzclose(out);
  const ParallelText text = read_parallel_text(english_french(scratch.path("p")));
  CHECK(text.split);
  CHECK(pairs_of(text, 0) == Pairs{{"A.", "a."}, {"B.", "b."}});
  CHECK(pairs_of(text, 1) == Pairs{{"C.", "c."}});
  CHECK(pairs_of(text, 2) == Pairs{{"D.\tE.", "d."}});

  ParallelOptions other = english_french(scratch.path("p"));
  other.test = "test_2016";
  CHECK_THAT(complaint(other), Contains("test_2016.en and test_2016.fr") && Contains("task.test"));
  file(scratch, "p/train.fr", "a.\n");
  CHECK_THAT(complaint(english_french(scratch.path("p"))),
             Contains("has 1 lines") && Contains("train.en has 2"));
  file(scratch, "p/train.fr", "a.\n\n");
  CHECK_THAT(complaint(english_french(scratch.path("p"))), Contains("train.fr:2"));
}

TEST_CASE("what is no table of sentences is told by its line", "[data][parallel]") {
  CHECK_THAT(complaint("Go.\tVa !\nGo\n"), Contains("1 column (") && Contains("p.tsv:2"));
  CHECK_THAT(complaint("a\tb\tc\td\n"), Contains("4 columns") && Contains("p.tsv:1"));
  CHECK_THAT(complaint("a\t \n"), Contains("empty") && Contains(":1"));
  CHECK_THAT(complaint("\tb\n"), Contains("empty"));
  CHECK_THAT(complaint("a\tb\n\n"), Contains("1 column (") && Contains(":2"));
  CHECK_THAT(complaint("a\tb\nc\t\xff\n"), Contains("UTF-8") && Contains(":2"));
  CHECK_THAT(complaint(""), Contains("empty"));
  CHECK_THAT(complaint("a\t" + std::string(100'000'000, 'b') + "\n"),
             Contains("100000000 bytes") && Contains("p.tsv:1"));
  CHECK_THAT(complaint(std::string(100'000'000, 'b')), Contains("1 column (") && Contains(":1"));
  CHECK_THAT(complaint(std::string(5'000'000, '\t')), Contains("columns"));
}

TEST_CASE("damaged corpora are refused or read, never more", "[data][parallel]") {
  read_damaged(10000);
}

TEST_CASE("as many damaged corpora as RNNLAB_FUZZ says", "[.fuzz][parallel]") {
  const char* const rounds = std::getenv("RNNLAB_FUZZ");
  read_damaged(rounds ? parse_int(rounds).value() : 1000000);
}

TEST_CASE("Tatoeba's files as downloaded", "[data][parallel]") {
  const auto french = corpus("tatoeba/fra-eng.zip"), chinese = corpus("tatoeba/cmn-eng.zip");
  if (!french || !chinese) {
    WARN("skipped: no tatoeba in RNNLAB_TEST_DATA");
    return;
  }
  const ParallelText two = read_parallel_text(english_french(french->string()));
  REQUIRE(two.parts[0].size() == 142787);
  CHECK(two.parts[0][0].source == "Go.");
  const ParallelText three = read_parallel_text({.path = chinese->string(),
                                                 .source = "zh",
                                                 .target = "en",
                                                 .source_first = false,
                                                 .test = {}});
  REQUIRE(three.parts[0].size() == 32028);
  for (const SentencePair& pair : three.parts[0])
    REQUIRE(pair.source.find("CC-BY") == std::string_view::npos);
}

TEST_CASE("Multi30k as downloaded", "[data][parallel]") {
  const auto folder = corpus("multi30k");
  if (!folder) {
    WARN("skipped: no multi30k in RNNLAB_TEST_DATA");
    return;
  }
  ParallelOptions options{
      .path = folder->string(), .source = "de", .target = "en", .test = "test_2017_mscoco"};
  const ParallelText text = read_parallel_text(options);
  CHECK(text.parts[0].size() == 29000);
  CHECK(text.parts[1].size() == 1014);
  CHECK(text.parts[2].size() == 461);
}
