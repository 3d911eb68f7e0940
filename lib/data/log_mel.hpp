#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rnnlab {

/// Sound as frames of log-mel energies, what speech recognition reads (Davis and Mermelstein 1980;
/// the mel scale and its triangles as in the HTK Book, section "Filterbank Analysis", after
/// O'Shaughnessy 1987).
///
/// A frame is W samples of 25 ms, and one begins every 10 ms, as long as a whole one is left (a
/// shorter sound is one frame, filled up with zeros). With n the first power of two from W on:
///
///   w_k  = ½ − ½ cos(2π k / W)                          Hann's window
///   P_j  = |Σ_k w_k x_k exp(−2πi j k / n)|²             at f_j = j rate / n, j = 0 … n/2
///   m(f) = 2595 log10(1 + f / 700)                      mel; f in Hz
///   Δ    = (m(f_max) − m(f_min)) / (M + 1)              between the centres of two filters
///   E_i  = Σ_j max(0, 1 − |m(f_j) − m(f_min) − i Δ| / Δ) P_j         i = 1 … M
///   y_i  = ln max(E_i, 1e-10)                           nats
///
/// Between the first centre and the last the filters of a frequency add up to 1. No pre-emphasis.
/// P is taken about the frame's middle, of its even and its odd part, by two products over many
/// frames: quicker than a fast transform of each.
class LogMel {
 public:
  static constexpr double window_seconds = 0.025, hop_seconds = 0.010, floor = 1e-10;

  /// `rate` in samples a second; f_max 0: half of it. Throws Error(usage), with the options of the
  /// tasks that read sound, where f_min … f_max is no range within 0 … rate / 2, or there are so
  /// many filters that one has no frequency f_j. REQUIRES: rate ≥ 100.
  LogMel(int rate, int mels, double f_min, double f_max);

  std::size_t mels() const { return begin_.size() - 1; }
  std::size_t window() const { return window_.size(); }  // W, in samples
  std::size_t hop() const { return hop_; }               // in samples
  /// Of a sound of so many samples, at least one.
  std::size_t frames(std::size_t samples) const;

  /// Fills out [frames, mels]. A thread keeps the memory for its next time.
  void operator()(std::span<const float> samples, std::span<float> out) const;

 private:
  std::vector<float> window_;
  std::size_t hop_;
  std::vector<float> cosine_, sine_;  // [bins, W/2 + 1]: of each f_j and step off the middle
  std::vector<std::size_t> first_;    // of each filter: its first bin, …
  std::vector<std::size_t> begin_;    // … and where its weights begin, with their end
  std::vector<float> weight_;
};

}  // namespace rnnlab
