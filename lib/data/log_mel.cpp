#include "data/log_mel.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/normal.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t most_frames = 64;  // at a time

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>;
using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A thread's own, of some frames.
struct Scratch {
  Matrix even, odd;           // [steps off the middle, frames]
  RowMatrix real, imaginary;  // [bins, frames]
};

double mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }

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
  std::size_t points = 1;  // n
  while (points < window_.size()) points *= 2;
  const std::size_t bins = points / 2 + 1;
  for (std::size_t j = 0; j < bins; ++j) {
    for (std::size_t m = 0; m <= window_.size() / 2; ++m) {
      const double angle =
          2 * std::numbers::pi * static_cast<double>(j * m % points) / static_cast<double>(points);
      cosine_.push_back(static_cast<float>(std::cos(angle)));
      sine_.push_back(static_cast<float>(std::sin(angle)));
    }
  }

  const double low = mel(f_min), width = (mel(f_max) - low) / (mels + 1);
  for (int i = 1; i <= mels; ++i) {
    first_.push_back(0);
    begin_.push_back(weight_.size());
    for (std::size_t j = 0; j < bins; ++j) {
      const double hertz = static_cast<double>(j) * rate / static_cast<double>(points);
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
  thread_local Scratch s;
  const std::size_t W = window_.size(), middle = W / 2, M = mels(), all = frames(samples.size());
  const auto K = static_cast<Eigen::Index>(middle + 1);
  const auto bins = static_cast<Eigen::Index>(cosine_.size() / (middle + 1));
  const Eigen::Map<const RowMatrix> cosine(cosine_.data(), bins, K), sine(sine_.data(), bins, K);
  for (std::size_t begin = 0; begin < all; begin += most_frames) {
    const std::size_t T = std::min(most_frames, all - begin);
    s.even.resize(K, static_cast<Eigen::Index>(T));
    s.odd.resize(K, static_cast<Eigen::Index>(T));
    for (std::size_t t = 0; t < T; ++t) {
      const auto frame = samples.subspan((begin + t) * hop_);
      const auto at = [&](std::size_t k) {
        return k < W && k < frame.size() ? window_[k] * frame[k] : 0.0f;
      };
      float* const even = &s.even(0, static_cast<Eigen::Index>(t));
      float* const odd = &s.odd(0, static_cast<Eigen::Index>(t));
      even[0] = at(middle);
      odd[0] = 0;
      for (std::size_t m = 1; m <= middle; ++m) {
        const float after = at(middle + m), before = at(middle - m);
        even[m] = after + before;
        odd[m] = after - before;
      }
    }
    s.real.noalias() = cosine * s.even;
    s.imaginary.noalias() = sine * s.odd;
    s.real = s.real.cwiseAbs2() + s.imaginary.cwiseAbs2();  // P
    float energy[most_frames];
    for (std::size_t i = 0; i < M; ++i) {
      std::fill_n(energy, T, 0.0f);
      for (std::size_t w = begin_[i]; w < begin_[i + 1]; ++w) {
        const float* const power = &s.real(static_cast<Eigen::Index>(first_[i] + w - begin_[i]), 0);
        for (std::size_t t = 0; t < T; ++t) energy[t] += weight_[w] * power[t];
      }
      for (std::size_t t = 0; t < T; ++t)
        energy[t] = detail::fast_log(std::max(energy[t], static_cast<float>(floor)));
      for (std::size_t t = 0; t < T; ++t) out[(begin + t) * M + i] = energy[t];
    }
  }
}

}  // namespace rnnlab
