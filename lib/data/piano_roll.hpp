#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// The keys of a piano, as MIDI numbers.
inline constexpr int lowest_note = 21, highest_note = 108;
inline constexpr int piano_keys = highest_note - lowest_note + 1;

/// A piece of music: which keys sound, frame by frame.
class PianoPiece {
 public:
  int frames() const { return frames_; }

  /// Adds a frame; `notes` are MIDI numbers within the piano's, in any order, doubled ones once.
  void add(std::span<const int> notes);

  /// Calls f(frame, keys) for every frame in order; keys are 0 … 87, ascending.
  template <class F>
  void for_each_frame(F&& f) const {
    const std::uint8_t* at = bytes_.data();
    for (int t = 0; t < frames_; ++t) {
      const std::size_t count = *at++;
      f(t, std::span(at, count));
      at += count;
    }
  }

 private:
  int frames_ = 0;
  std::vector<std::uint8_t> bytes_;  // of each frame: how many keys, and which
};

/// Pieces for training, validation and test.
struct PianoCorpus {
  std::array<std::vector<PianoPiece>, 3> parts;
};

/// Reads {"train": pieces, "valid": pieces, "test": pieces} from JSON, as the files of
/// czhuang/JSB-Chorales-dataset are: a piece is a list of frames, a frame a list of MIDI notes
/// 21 … 108 (60 or 60.0), of which −1 is a voice that is silent; a piece has two frames at least.
/// The text is read once, without a tree of it in memory.
///
/// Throws Error(data) naming `where` and the place (`train[3][12]`: piece and frame from 0) for
/// anything else: what is no JSON, other keys, parts that are missing, empty or there twice.
PianoCorpus read_piano_rolls(std::string_view bytes, const std::string& where);

}  // namespace rnnlab
