#include "data/log_mel.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "base/error.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

double mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }

/// A thread's own: plans are made once for each size.
struct Spectrum {
  Eigen::FFT<float> fft;
  std::vector<float> x, power;
  std::vector<std::complex<float>> bins;

  Spectrum() { fft.SetFlag(Eigen::FFT<float>::HalfSpectrum); }

  /// P of the frame in x.
  void take(std::size_t points) {
    bins.resize(points / 2 + 1);
    power.resize(points / 2 + 1);
    fft.fwd(bins.data(), x.data(), static_cast<Eigen::Index>(points));
    for (std::size_t j = 0; j < power.size(); ++j) power[j] = std::norm(bins[j]);
  }
};

}  // namespace

LogMel::LogMel(int rate, int mels, double f_min, double f_max) {
  const double half = rate / 2.0;
  if (f_max == 0) f_max = half;
  if (f_min >= f_max || f_max > half) {
    throw Error(Exit::usage,
                "no range of frequencies: " + format_double(f_min) + " .. " + format_double(f_max) +
                    " Hz of sound with " + std::to_string(rate) + " samples a second",
                "task.f_min", "give task.f_min < task.f_max <= " + format_double(half));
  }
  const auto samples = [&](double seconds) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(seconds * rate)));
  };
  hop_ = samples(hop_seconds);
  window_.resize(samples(window_seconds));
  const auto W = static_cast<double>(window_.size());
  for (std::size_t k = 0; k < window_.size(); ++k)
    window_[k] =
        static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(k) / W));
  points_ = 4;  // that the FFT of numbers asks for at least
  while (points_ < window_.size()) points_ *= 2;

  const double low = mel(f_min), width = (mel(f_max) - low) / (mels + 1);
  for (int i = 1; i <= mels; ++i) {
    first_.push_back(0);
    begin_.push_back(weight_.size());
    for (std::size_t j = 0; j <= points_ / 2; ++j) {
      const double hertz = static_cast<double>(j) * rate / static_cast<double>(points_);
      const double weight = 1 - std::abs(mel(hertz) - low - i * width) / width;
      if (weight <= 0) continue;
      if (weight_.size() == begin_.back()) first_.back() = j;
      weight_.push_back(static_cast<float>(weight));
    }
    if (weight_.size() > begin_.back()) continue;
    throw Error(Exit::usage,
                "filter " + std::to_string(i) + " of " + std::to_string(mels) +
                    " lies between two frequencies of the spectrum",
                "task.mels", "give fewer, or a wider range");
  }
  begin_.push_back(weight_.size());
}

std::size_t LogMel::frames(std::size_t samples) const {
  return samples <= window_.size() ? 1 : 1 + (samples - window_.size()) / hop_;
}

void LogMel::operator()(std::span<const float> samples, std::span<float> out) const {
  thread_local Spectrum spectrum;
  spectrum.x.resize(points_);
  for (std::size_t t = 0; t < frames(samples.size()); ++t) {
    const std::size_t from = t * hop_, count = std::min(window_.size(), samples.size() - from);
    for (std::size_t k = 0; k < count; ++k) spectrum.x[k] = window_[k] * samples[from + k];
    std::fill(spectrum.x.begin() + static_cast<std::ptrdiff_t>(count), spectrum.x.end(), 0.0f);
    spectrum.take(points_);
    for (std::size_t i = 0; i < mels(); ++i) {
      float energy = 0;
      for (std::size_t w = begin_[i]; w < begin_[i + 1]; ++w)
        energy += weight_[w] * spectrum.power[first_[i] + w - begin_[i]];
      out[t * mels() + i] = std::log(std::max(energy, static_cast<float>(floor)));
    }
  }
}

}  // namespace rnnlab
