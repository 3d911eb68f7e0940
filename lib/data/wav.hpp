#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// Sound of one channel.
struct Wav {
  int rate = 0;                // samples a second
  std::vector<float> samples;  // full scale is −1 … 1
};

/// Reads a WAV file (or another that libsndfile knows, such as FLAC and NIST SPHERE) from all of
/// its bytes: whole numbers of any width and floating point, several channels as their mean.
///
/// Throws Error(data) naming `where` for what is no such file, ends before its header says, has no
/// samples or more than 10^8, one that is not finite or beyond ±2^31, or a rate outside 1 … 768
/// kHz.
Wav read_wav(std::string_view bytes, const std::string& where);

}  // namespace rnnlab
