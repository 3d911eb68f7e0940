#include "data/labelled_texts.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "corpora.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// A folder of files.
class Made {
 public:
  explicit Made(const std::vector<std::pair<std::string, std::string>>& files) {
    for (const auto& [name, text] : files) write_file(scratch_.path(name), text);
  }
  std::string path(const std::string& name = ".") const { return scratch_.path(name); }
  LabelledTexts read(const std::string& name = ".", const std::string& which = "auto") const {
    return read_labelled_texts(Corpus(path(name)), which);
  }

 private:
  Scratch scratch_;
};

/// `label text|label text|…` of one part.
std::string shown_part(const LabelledTexts& texts, std::size_t part) {
  std::string shown;
  for (const LabelledText& t : texts.part[part])
    shown += texts.classes[static_cast<std::size_t>(t.label)] + " " + t.text + "|";
  return shown;
}

std::string complaint(const Made& made, const std::string& name = ".",
                      const std::string& which = "auto") {
  try {
    made.read(name, which);
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return {};
}

std::pair<std::size_t, std::size_t> counted(const LabelledTexts& texts, std::size_t part) {
  std::size_t positive = 0;
  for (const LabelledText& t : texts.part[part]) positive += t.label == 1;
  return {texts.part[part].size(), positive};
}

/// Mutations of small files are read, or refused in one line; counts how many were.
int mutated(std::uint64_t count) {
  const std::vector<std::string> good{"1 a good film\n0 bad\n1 fine\n",
                                      "sentence\tlabel\ngood\t1\nbad\t0\n",
                                      "label,review\n1,\"a, b\"\n0,好\n"};
  const Scratch scratch;
  const std::string file = scratch.path("x");
  int refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng({5, Stream::test}, i);
    std::string text = good[i % good.size()];
    for (auto n = 1 + rng.below(3); n > 0; --n) {
      const auto at = rng.below(static_cast<std::uint32_t>(text.size()));
      const char c = " \n\r\0\t,\"1x\xFF\xE5"[rng.below(11)];
      rng.below(2) ? void(text[at] = c) : void(text.insert(at, 1, c));
    }
    write_file(file, text);
    try {
      const LabelledTexts texts = read_labelled_texts(Corpus(file), "auto");
      REQUIRE(texts.classes.size() >= 2);
      for (const LabelledText& t : texts.part[0])
        REQUIRE((t.label >= 0 && t.label < std::ssize(texts.classes)));
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains(file));
      ++refused;
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("labelled texts: SST-2's files are its split", "[data][labelled_texts]") {
  const Made made({{"stsa.binary.train", "1 a good film\r\n0 bad\n"},
                   {"stsa.binary.dev", "0 so so\n"},
                   {"stsa.binary.test", "1 fine\n0 \n"}});
  const LabelledTexts texts = made.read();
  CHECK(texts.classes == std::vector<std::string>{"negative", "positive"});
  CHECK((texts.has_valid && texts.has_test));
  CHECK(shown_part(texts, 0) == "positive a good film|negative bad|");
  CHECK(shown_part(texts, 1) == "negative so so|");
  CHECK(shown_part(texts, 2) == "positive fine|negative |");
  CHECK(texts.sha256.size() == 64);
  // One of them alone is texts without a split.
  const LabelledTexts one = made.read("stsa.binary.train");
  CHECK_FALSE((one.has_valid || one.has_test));
  CHECK(one.part[0].size() == 2);
}

TEST_CASE("labelled texts: rt-polarity, a file for each class", "[data][labelled_texts]") {
  const LabelledTexts texts =
      Made({{"rt-polarity.pos", "good , very\n"}, {"rt-polarity.neg", "bad\nworse \n"}}).read();
  CHECK(shown_part(texts, 0) == "negative bad|negative worse |positive good , very|");
  CHECK_FALSE((texts.has_valid || texts.has_test));
}

TEST_CASE("labelled texts: tables with a header", "[data][labelled_texts]") {
  const std::string train = "sentence\tlabel\ngood \"film\t1\nbad\t0\n";
  SECTION("GLUE, its test part without labels") {
    const LabelledTexts texts = Made({{"train.tsv", train},
                                      {"dev.tsv", "sentence\tlabel\nso\t0\n"},
                                      {"test.tsv", "index\tsentence\n0\tunknown\n"}})
                                    .read();
    CHECK(shown_part(texts, 0) == "positive good \"film|negative bad|");
    CHECK_FALSE(texts.has_valid);
    CHECK(texts.has_test);
    CHECK(shown_part(texts, 2) == "negative so|");
  }
  SECTION("with a labelled test part") {
    const std::string mark = GENERATE("", "\xEF\xBB\xBF");
    const LabelledTexts texts = Made({{"train.tsv", mark + train},
                                      {"dev.tsv", "sentence\tlabel\nso\t0\n"},
                                      {"test.tsv", mark + "label\tsentence\n1\tfine\n"}})
                                    .read();
    CHECK(texts.has_valid);
    CHECK(shown_part(texts, 1) == "negative so|");
    CHECK(shown_part(texts, 2) == "positive fine|");
  }
  SECTION("one file") {
    CHECK(shown_part(Made({{"mine.tsv", train}}).read("mine.tsv"), 0) ==
          "positive good \"film|negative bad|");
    const std::string words = "id,label,text\n1,sad,\"a, b\"\n2,glad,c\n3,10,d\n4,9,e\n";
    const LabelledTexts named = Made({{"x.csv", words}}).read("x.csv");
    CHECK(named.classes == std::vector<std::string>{"9", "10", "glad", "sad"});
    CHECK(shown_part(named, 0) == "sad a, b|glad c|10 d|9 e|");
  }
  SECTION("one of several") {
    const Made made({{"waimai_10k.csv", "label,review\n1,快\n0,慢\n"},
                     {"ChnSentiCorp_htl_all.csv", "label,review\n1,\"好\n很好\"\n0,\n"}});
    CHECK_THAT(complaint(made), Contains("several CSV files") && Contains("task.corpus"));
    CHECK(shown_part(made.read(".", "waimai"), 0) == "positive 快|negative 慢|");
    CHECK(shown_part(made.read(".", "hotel"), 0) == "positive 好\n很好|negative |");
    CHECK(shown_part(made.read("waimai_10k.csv"), 0) == "positive 快|negative 慢|");
    CHECK_THAT(complaint(made, ".", "sst2"), Contains("no labelled texts"));
    CHECK_THAT(complaint(made, "waimai_10k.csv", "hotel"), Contains("no ChnSentiCorp_htl_all.csv"));
  }
}

TEST_CASE("labelled texts: what is wrong is told with its place", "[data][labelled_texts]") {
  const auto of_file = [](const std::string& text) {
    const Made made({{"x", text}});
    return complaint(made, "x");
  };
  CHECK_THAT(of_file(""), Contains("x"));
  CHECK_THAT(of_file("a story\n"), Contains("neither") && Contains("x:1"));
  CHECK_THAT(of_file("1 good\nbad\n"), Contains("label and a blank") && Contains("x:2"));
  CHECK_THAT(of_file("1 good\n1 better\n"), Contains("of class '1'"));
  CHECK_THAT(of_file("1 good\n0 \xFF\n"), Contains("UTF-8") && Contains("x:2"));
  CHECK_THAT(of_file("sentence\tlabel\ngood\t1\nbad\n"), Contains("1 fields") && Contains("x:3"));
  CHECK_THAT(of_file("sentence\tlabel\ngood\t1\na\tb\t0\n"), Contains("3 fields"));
  CHECK_THAT(of_file("sentence\tlabel\n"), Contains("no texts"));
  CHECK_THAT(of_file("label,review\n1,good\n,bad\n"),
             Contains("label is empty") && Contains("x:3"));
  CHECK_THAT(of_file("label,review\n1,good,better\n"), Contains("x:2"));
  CHECK_THAT(complaint(Made({{"rt-polarity.pos", "a\n"}, {"readme", ""}})),
             Contains("no rt-polarity.neg"));
  CHECK_THAT(complaint(Made({{"stsa.binary.train", "1 a\n0 b\n"}, {"stsa.binary.dev", "1 a\n"}})),
             Contains("no stsa.binary.test"));
  CHECK_THAT(complaint(Made({{"stsa.binary.train", "1 a\n0 b\n"},
                             {"stsa.binary.dev", "1 a\n"},
                             {"stsa.binary.test", "1 a\n2 b\n"}})),
             Contains("label '2'") && Contains("stsa.binary.test:2"));
  CHECK_THAT(complaint(Made({{"train.tsv", "a\tb\n"}, {"dev.tsv", ""}})), Contains("train.tsv:1"));
  CHECK_THAT(complaint(Made({{"a", "1"}, {"b", "2"}})), Contains("no labelled texts"));
}

TEST_CASE("labelled texts: mutated files", "[data][labelled_texts]") {
  CHECK(mutated(10000) > 500);
}

TEST_CASE("labelled texts: as many mutated files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  mutated(count ? std::strtoull(count, nullptr, 10) : 1000000);
}

TEST_CASE("labelled texts: corpora as they are published", "[data][labelled_texts]") {
  using Counts = std::pair<std::size_t, std::size_t>;
  const auto folder = corpus("sst2");
  if (!folder || !corpus("rt-polarity") || !corpus("chinese-sentiment")) {
    WARN("skipped: no sst2, rt-polarity and chinese-sentiment in RNNLAB_TEST_DATA");
    return;
  }
  const LabelledTexts sst = read_labelled_texts(Corpus(*folder), "auto");
  CHECK(counted(sst, 0) == Counts{6920, 3610});
  CHECK(counted(sst, 1) == Counts{872, 444});
  CHECK(counted(sst, 2) == Counts{1821, 909});
  CHECK(counted(read_labelled_texts(Corpus(*corpus("rt-polarity")), "auto"), 0) ==
        Counts{10662, 5331});
  const Corpus chinese(*corpus("chinese-sentiment"));
  CHECK(counted(read_labelled_texts(chinese, "waimai"), 0) == Counts{11987, 4000});
  const LabelledTexts hotel = read_labelled_texts(chinese, "hotel");
  CHECK(counted(hotel, 0) == Counts{7766, 5322});
  std::size_t empty = 0;
  for (const LabelledText& t : hotel.part[0]) empty += t.text.empty();
  CHECK(empty == 1);
}
