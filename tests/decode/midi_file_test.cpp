#include "decode/midi_file.hpp"

#include <algorithm>

#include "base/rng.hpp"
#include "midi_file_reading.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("midi: a note that is held, byte by byte") {
  const std::vector<std::vector<int>> frames{{60}, {60, 64}, {}};
  const std::vector<int> expected{
      'M',  'T',  'h',  'd',  0,  0, 0, 6,  0, 0, 0, 1, 0x01, 0xE0,  // format 0, a track, 480 ticks
      'M',  'T',  'r',  'k',  0,  0, 0, 23,                          //
      0,    0x90, 60,   64,                                          // 60 sets in
      0x83, 0x60, 0x90, 64,   64,                                    // 480 ticks later 64, over it
      0x83, 0x60, 0x80, 60,   64,                                    // both end
      0,    0x80, 64,   64,                                          //
      0x83, 0x60, 0xFF, 0x2F, 0};  // a silent quarter, and the end
  std::vector<int> bytes;
  for (const char c : midi_file(frames, 1)) bytes.push_back(static_cast<unsigned char>(c));
  CHECK(bytes == expected);
}

TEST_CASE("midi: what is written sounds as the frames say") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    Rng rng({6, Stream::test}, i);
    const int per_quarter = std::vector<int>{1, 4}[rng.below(2)];
    std::vector<std::vector<int>> frames(rng.below(60));
    for (auto& frame : frames) {
      std::set<int> notes;
      // Long silences too: deltas of more than two bytes.
      for (auto n = rng.below(9) == 0 ? 4 : 0; n > 0; --n)
        notes.insert(21 + static_cast<int>(rng.below(88)));
      frame.assign(notes.begin(), notes.end());
    }
    const MidiReading reading(midi_file(frames, per_quarter));
    REQUIRE(reading.division % per_quarter == 0);
    const auto step = static_cast<std::size_t>(reading.division / per_quarter);
    REQUIRE(reading.ticks.size() == frames.size() * step);
    std::size_t different = 0;
    int strokes = 0;
    for (std::size_t t = 0; t < frames.size(); ++t) {
      const std::set<int> now(frames[t].begin(), frames[t].end());
      for (std::size_t tick = 0; tick < step; ++tick)
        different += reading.ticks[t * step + tick] != now;
      for (const int note : now)
        strokes += t == 0 || std::count(frames[t - 1].begin(), frames[t - 1].end(), note) == 0;
    }
    CHECK(different == 0);
    CHECK(reading.strokes == strokes);
  }
}
