#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.hpp"

namespace rnnlab {

/// A vowel, by the formants of Peterson and Barney 1952 (Control Methods Used in a Study of the
/// Vowels, table II): averages over men, in Hz.
struct Vowel {
  const char* ipa;
  double f1, f2;
};
inline constexpr std::array<Vowel, 10> vowels{{{"ɑ", 730, 1090},
                                               {"ɛ", 530, 1840},
                                               {"i", 270, 2290},
                                               {"ɔ", 570, 840},
                                               {"u", 300, 870},
                                               {"æ", 660, 1720},
                                               {"ʊ", 440, 1020},
                                               {"ɪ", 390, 1990},
                                               {"ʌ", 640, 1190},
                                               {"ɝ", 490, 1350}}};

/// Words of vowels as sound: pause, vowel, pause, vowel, …, pause, in slots of 10 ms. A vowel lasts
/// 6 … 14 slots, a pause 2 … 6, uniform.
///
/// A vowel is a train of pulses with the voice's fundamental f0, sent through a low-pass of 6 dB an
/// octave and two resonators (Klatt 1980, Software for a Cascade/Parallel Formant Synthesizer):
///
///   y_k = A x_k + B y_{k−1} + C y_{k−2}     C = −exp(−2π b / rate)
///                                           B = 2 exp(−π b / rate) cos(2π F / rate)
///                                           A = 1 − B − C
///
/// with its formants F = s F1, s F2 and bandwidths b = 60, 90 Hz. Each word has its voice: f0 of
/// 100 … 200 Hz, s of 0.9 … 1.2; each vowel differs from it by up to 5 % in f0, and has a root mean
/// square of 0.05 … 0.1. White noise lies over all of it, `snr` dB below a vowel of 0.1.
class ToneWords {
 public:
  static constexpr int rate = 8000;        // samples a second
  static constexpr std::size_t slot = 80;  // in samples
  static constexpr int least_vowel = 6, most_vowel = 14, least_pause = 2, most_pause = 6;  // slots
  static constexpr double vowel_slots = (least_vowel + most_vowel) / 2.0;  // expected
  static constexpr double pause_slots = (least_pause + most_pause) / 2.0;

  explicit ToneWords(double snr);

  /// A thread's buffers.
  struct Spoken {
    std::vector<float> samples;
    std::vector<std::int32_t> slots;  // of each slot: the vowel's number from 1 on, 0 in a pause
  };
  /// Says a word of vowels, numbered from 1 on.
  void say(std::span<const std::int32_t> word, Rng& rng, Spoken& out) const;

  /// Slots of the longest word of so many vowels.
  static std::size_t longest(std::size_t letters) {
    return letters * most_vowel + (letters + 1) * most_pause;
  }

 private:
  float noise_;  // deviation
};

}  // namespace rnnlab
