#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

namespace rnnlab::test {

/// The notes that sound in a Standard MIDI File of one track, sampled every `ticks`: read by the
/// specification, every byte accounted for.
class MidiReading {
 public:
  explicit MidiReading(std::string bytes) : bytes_(std::move(bytes)) {
    REQUIRE(text(4) == "MThd");
    REQUIRE(number(4) == 6);
    CHECK(number(2) == 0);
    CHECK(number(2) == 1);
    division = number(2);
    REQUIRE(text(4) == "MTrk");
    const auto length = static_cast<std::size_t>(number(4));
    REQUIRE(at_ + length == bytes_.size());
    for (bool ended = false; !ended;) {
      const int passed = variable_length();
      for (int i = 0; i < passed; ++i) ticks.push_back(sounding_);
      const int kind = number(1);
      if (kind == 0xFF) {
        CHECK(number(1) == 0x2F);
        CHECK(number(1) == 0);
        ended = true;
        continue;
      }
      const int note = number(1), velocity = number(1);
      CHECK(velocity > 0);
      CHECK(velocity < 128);
      if (kind == 0x90) {
        CHECK(sounding_.insert(note).second);
        ++strokes;
      } else {
        REQUIRE(kind == 0x80);
        CHECK(sounding_.erase(note) == 1);
      }
    }
    CHECK(at_ == bytes_.size());
    CHECK(sounding_.empty());
  }

  int division = 0;                  // ticks to a quarter note
  int strokes = 0;                   // notes that set in
  std::vector<std::set<int>> ticks;  // what sounds at each

 private:
  std::string text(std::size_t n) {
    REQUIRE(at_ + n <= bytes_.size());
    at_ += n;
    return bytes_.substr(at_ - n, n);
  }
  int number(std::size_t width) {
    int value = 0;
    for (const char c : text(width)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  int variable_length() {
    int value = 0, byte = 0;
    do {
      byte = number(1);
      value = value << 7 | (byte & 0x7F);
    } while (byte & 0x80);
    return value;
  }

  std::string bytes_;
  std::size_t at_ = 0;
  std::set<int> sounding_;
};

}  // namespace rnnlab::test
