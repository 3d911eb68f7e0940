#include "decode/midi_file.hpp"

#include <algorithm>
#include <cstdint>

#include "base/check.hpp"

namespace rnnlab {
namespace {

constexpr int ticks_per_quarter = 480;
constexpr int note_off = 0x80, note_on = 0x90, velocity = 64;

void add_number(std::string& bytes, std::uint32_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> shift) & 0xFF);
}

/// Seven bits a byte, the highest first; the top bit says that more follow.
void add_variable_length(std::string& bytes, std::uint32_t value) {
  for (int shift = 28; shift > 0; shift -= 7)
    if (value >> shift) bytes += static_cast<char>(0x80 | ((value >> shift) & 0x7F));
  bytes += static_cast<char>(value & 0x7F);
}

bool sounds(const std::vector<int>& frame, int note) {
  return std::find(frame.begin(), frame.end(), note) != frame.end();
}

}  // namespace

std::string midi_file(std::span<const std::vector<int>> frames, int frames_per_quarter) {
  RNNLAB_CHECK_EQ(ticks_per_quarter % frames_per_quarter, 0);
  const auto step = static_cast<std::uint32_t>(ticks_per_quarter / frames_per_quarter);
  std::string track;
  std::uint32_t passed = 0;  // ticks since the last event
  const auto event = [&](int kind, int note) {
    add_variable_length(track, passed);
    passed = 0;
    for (const int byte : {kind, note, velocity}) track += static_cast<char>(byte);
  };
  const std::vector<int> silence;
  for (std::size_t t = 0; t <= frames.size(); ++t) {
    const std::vector<int>& before = t > 0 ? frames[t - 1] : silence;
    const std::vector<int>& now = t < frames.size() ? frames[t] : silence;
    for (const int note : before)
      if (!sounds(now, note)) event(note_off, note);
    for (const int note : now)
      if (!sounds(before, note)) event(note_on, note);
    if (t < frames.size()) passed += step;
  }
  add_variable_length(track, passed);
  track += "\xFF\x2F";
  track += '\0';  // the end of the track

  std::string bytes = "MThd";
  add_number(bytes, 6, 4);
  for (const int value : {0, 1, ticks_per_quarter})
    add_number(bytes, static_cast<std::uint32_t>(value), 2);
  bytes += "MTrk";
  add_number(bytes, static_cast<std::uint32_t>(track.size()), 4);
  return bytes + track;
}

}  // namespace rnnlab
