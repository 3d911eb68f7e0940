#pragma once

#include "cli/verb.hpp"
#include "decode/sampling.hpp"

namespace rnnlab {

/// `generate` for a run of chorales, or of melodies of the class that is asked for: frames as MIDI
/// notes, one a line, and a MIDI file.
Exit generate_music(const Invocation&, const Sampling&);

}  // namespace rnnlab
