#include "data/piano_roll.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "corpora.hpp"
#include "files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Frames = std::vector<std::vector<int>>;  // of MIDI notes

Frames frames_of(const PianoPiece& piece) {
  Frames frames;
  piece.for_each_frame([&](int t, std::span<const std::uint8_t> keys) {
    CHECK(t == static_cast<int>(frames.size()));
    frames.emplace_back();
    for (const std::uint8_t key : keys) frames.back().push_back(key + lowest_note);
  });
  CHECK(static_cast<int>(frames.size()) == piece.frames());
  return frames;
}

const std::string small = R"({"train": [[[60, 64.0, 67], [], [60, 60, -1]], [[108, 21], [22]]],)"
                          R"( "valid": [[[50], [51]]], "test": [[[-1, -1], [70]]]})";

std::string complaint(const std::string& json) {
  try {
    read_piano_rolls(json, "x.json");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    CHECK_THAT(error.what(), Contains("x.json"));
    return error.what();
  }
  return "";
}

/// Mutations of a small file are read, or refused in one line; counts how many were refused.
std::uint64_t mutated(std::uint64_t count) {
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng({4, Stream::test}, i);
    std::string bytes = small;
    for (auto n = 1 + rng.below(3); n > 0; --n) {
      const auto at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      constexpr char pool[] = "[]{},:\"0159.-e \0\xFFt";
      const char c = pool[rng.below(sizeof pool - 1)];
      switch (rng.below(4)) {
        case 0: bytes[at] = c; break;
        case 1: bytes.insert(at, 1, c); break;
        case 2: bytes.resize(std::max<std::size_t>(at, 1)); break;
        default: bytes.erase(at, 1 + rng.below(3)); break;
      }
      if (bytes.empty()) bytes = c;
    }
    try {
      const PianoCorpus corpus = read_piano_rolls(bytes, "x.json");
      for (const auto& part : corpus.parts) {
        REQUIRE_FALSE(part.empty());
        for (const PianoPiece& piece : part) {
          bool valid = piece.frames() >= 2;
          piece.for_each_frame([&](int, std::span<const std::uint8_t> keys) {
            for (const std::uint8_t key : keys) valid = valid && key < piano_keys;
          });
          REQUIRE(valid);
        }
      }
      // Whatever was read is JSON to another reader too.
      REQUIRE(nlohmann::json::accept(bytes));
    } catch (const Error& error) {
      ++refused;
      REQUIRE(error.code() == Exit::data);
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("piano rolls: pieces, frames and notes", "[data][piano-roll]") {
  const PianoCorpus corpus = read_piano_rolls(small, "x.json");
  REQUIRE(corpus.parts[0].size() == 2);
  CHECK(frames_of(corpus.parts[0][0]) == Frames{{60, 64, 67}, {}, {60}});
  CHECK(frames_of(corpus.parts[0][1]) == Frames{{21, 108}, {22}});
  REQUIRE(corpus.parts[1].size() == 1);
  CHECK(frames_of(corpus.parts[1][0]) == Frames{{50}, {51}});
  REQUIRE(corpus.parts[2].size() == 1);
  CHECK(frames_of(corpus.parts[2][0]) == Frames{{}, {70}});
  CHECK(read_piano_rolls("\xEF\xBB\xBF" + small, "x.json").parts[0].size() == 2);
}

TEST_CASE("piano rolls: what is wrong is told with its place", "[data][piano-roll]") {
  const std::string rest = R"(, "valid": [[[50], [51]]], "test": [[[50], [51]]]})";
  struct Case {
    std::string json, what, where;
  };
  const std::vector<Case> cases{
      {"", "the file is empty", "x.json"},
      {" ", "ends early", "x.json"},
      {"[]", "a list stands here", "x.json"},
      {"7", "a number stands here", "x.json"},
      {"{}", "the part is missing", "x.json: train"},
      {R"({"train": [[[50], [51]]]})", "the part is missing", "x.json: valid"},
      {R"({"Train": [[[50], [51]]])" + rest, "unknown key Train", "x.json"},
      {R"({"train": [[[50], [51]]], "train": [[[50], [51]]])" + rest, "twice", "x.json: train"},
      {R"({"train": [])" + rest, "the part is empty", "x.json: train"},
      {R"({"train": 5)" + rest, "a number stands here", "x.json: train"},
      {R"({"train": {"a": 1})" + rest, "an object stands here", "x.json: train"},
      {R"({"train": [[[50], [51]], [[50]]])" + rest, "piece 1 has fewer than two", "x.json: train"},
      {R"({"train": [[]])" + rest, "piece 0 has fewer than two", "x.json: train"},
      {R"({"train": [[[50], [51, 109]]])" + rest, "109 is no key", "x.json: train[0][1]"},
      {R"({"train": [[[50], [51]], [[20], [51]]])" + rest, "20 is no key", "x.json: train[1][0]"},
      {R"({"train": [[[50], [60.5]]])" + rest, "60.5 is no key", "x.json: train[0][1]"},
      {R"({"train": [[[50], [-2]]])" + rest, "-2 is no key", "x.json: train[0][1]"},
      {R"({"train": [[[50], [1e300]]])" + rest, "is no key", "x.json: train[0][1]"},
      {R"({"train": [[[50], [1e999]]])" + rest, "no JSON at byte", "x.json: train[0][1]"},
      {R"({"train": [[[50], ["A4"]]])" + rest, "A4 stands here", "x.json: train[0][1]"},
      {R"({"train": [[[50], [null]]])" + rest, "null stands here", "x.json: train[0][1]"},
      {R"({"train": [[[50], [true]]])" + rest, "a boolean stands here", "x.json: train[0][1]"},
      {R"({"train": [[[50], [[51]]]])" + rest, "a list stands here", "x.json: train[0][1]"},
      {R"({"train": [[[50], 51]])" + rest, "a number stands here", "x.json: train[0][1]"},
      {R"({"train": [[[50], [51)", "ends early", "x.json: train[0][1]"},
      {R"({"train": [[[50], [NaN]]])" + rest, "no JSON at byte", "x.json: train[0][1]"},
      {small + "x", "no JSON at byte", "x.json"},
      {small + std::string("\0x", 2), "a NUL at byte", "x.json"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.json);
    CHECK_THAT(complaint(c.json), Contains(c.what) && Contains("(" + c.where + ")"));
  }
  CHECK_THAT(complaint(std::string(1'000'000, '[')), Contains("a list stands here"));
  CHECK_THAT(complaint("{\"" + std::string(50'000'000, 'x')), Contains("ends early"));
}

TEST_CASE("piano rolls: mutated files", "[data][piano-roll]") { CHECK(mutated(20000) > 10000); }

TEST_CASE("piano rolls: as many mutated files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  mutated(count ? std::strtoull(count, nullptr, 10) : 1000000);
}

TEST_CASE("piano rolls: the chorales as they are published", "[data][piano-roll]") {
  struct Case {
    const char* name;
    std::array<int, 3> frames;
    int lowest, highest;
  };
  const std::vector<Case> cases{{"jsb-chorales-quarter.json", {13807, 4602, 4725}, 43, 96},
                                {"jsb-chorales-16th.json", {55228, 18408, 18900}, 36, 81},
                                {"Jsb16thSeparated.json", {55228, 18408, 18900}, 36, 81}};
  for (const Case& c : cases) {
    const auto file = corpus(std::string("jsb-chorales/") + c.name);
    if (!file) {
      WARN("skipped: no jsb-chorales/" << c.name << " in RNNLAB_TEST_DATA");
      continue;
    }
    const std::string bytes = text_of(*file);
    const PianoCorpus corpus = read_piano_rolls(bytes, c.name);
    // The same by a reader of whole trees.
    const auto json = nlohmann::json::parse(bytes);
    int lowest = 200, highest = 0, different = 0;
    const std::array<const char*, 3> names{"train", "valid", "test"};
    for (std::size_t part = 0; part < 3; ++part) {
      const auto& pieces = json.at(names[part]);
      int frames = 0;
      REQUIRE(corpus.parts[part].size() == std::array<std::size_t, 3>{229, 76, 77}[part]);
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        frames += corpus.parts[part][i].frames();
        Frames expected;
        for (const auto& frame : pieces[i]) {
          std::set<int> notes;
          for (const double note : frame)
            if (note >= 0) notes.insert(static_cast<int>(note));
          expected.emplace_back(notes.begin(), notes.end());
          if (notes.empty()) continue;
          lowest = std::min(lowest, *notes.begin());
          highest = std::max(highest, *notes.rbegin());
        }
        different += frames_of(corpus.parts[part][i]) != expected;
      }
      CHECK(frames == c.frames[part]);
    }
    CHECK(different == 0);
    CHECK(lowest == c.lowest);
    CHECK(highest == c.highest);
  }
}
