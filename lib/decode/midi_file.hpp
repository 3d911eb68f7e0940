#pragma once

#include <span>
#include <string>
#include <vector>

namespace rnnlab {

/// The bytes of a Standard MIDI File (Standard MIDI Files 1.0, MIDI Manufacturers Association 1988)
/// of format 0: one track, one channel, 480 ticks to a quarter note and the default tempo, 120
/// quarter notes a minute. A frame is the MIDI notes that sound, each once; a note that goes on
/// into the next frame is held. `frames_per_quarter` divides 480.
std::string midi_file(std::span<const std::vector<int>> frames, int frames_per_quarter);

}  // namespace rnnlab
