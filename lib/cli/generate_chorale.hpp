#pragma once

#include "cli/verb.hpp"
#include "decode/sampling.hpp"

namespace rnnlab {

/// `generate` for a run of chorales: frames as MIDI notes, one a line, and a MIDI file.
Exit generate_chorale(const Invocation&, const Sampling&);

}  // namespace rnnlab
