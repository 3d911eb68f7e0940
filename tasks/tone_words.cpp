#include "tone_words.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/normal.hpp"

namespace rnnlab {
namespace {

constexpr double loudest = 0.1;   // root mean square of a vowel
constexpr std::size_t ramp = 40;  // samples in which a vowel begins and ends: 5 ms

float between(Rng& rng, double low, double high) {
  return static_cast<float>(low + (high - low) * static_cast<double>(rng.uniform()));
}

class Resonator {
 public:
  Resonator(double frequency, double bandwidth) {
    const double angle = 2 * std::numbers::pi / ToneWords::rate;
    const double radius = std::exp(-angle * bandwidth / 2);
    c_ = static_cast<float>(-radius * radius);
    b_ = static_cast<float>(2 * radius * std::cos(angle * frequency));
    a_ = 1 - b_ - c_;
  }
  float operator()(float x) {
    const float y = a_ * x + b_ * last_ + c_ * before_;
    before_ = last_;
    return last_ = y;
  }

 private:
  float a_, b_, c_, last_ = 0, before_ = 0;
};

void say_vowel(const Vowel& vowel, float f0, float scale, float loudness, std::span<float> to) {
  const auto s = static_cast<double>(scale);
  Resonator first(s * vowel.f1, 60), second(s * vowel.f2, 90);
  static const float decay =
      static_cast<float>(std::exp(-2 * std::numbers::pi * 100 / ToneWords::rate));
  const float step = f0 / ToneWords::rate;
  float phase = 1, pulse = 0, squares = 0;
  for (float& sample : to) {
    pulse *= decay;
    if (phase >= 1) {
      phase -= 1;
      pulse += 1;
    }
    phase += step;
    sample = second(first(pulse));
    squares += sample * sample;
  }
  const float gain = loudness / std::sqrt(squares / static_cast<float>(to.size()));
  for (std::size_t k = 0; k < to.size(); ++k) {
    const std::size_t inside = std::min({k + 1, to.size() - k, ramp});
    to[k] *= gain * static_cast<float>(inside) / ramp;
  }
}

}  // namespace

ToneWords::ToneWords(double snr)
    : noise_(static_cast<float>(loudest * std::pow(10.0, -snr / 20))) {}

void ToneWords::say(std::span<const std::int32_t> word, Rng& rng, Spoken& out) const {
  out.samples.assign(longest(word.size()) * slot, 0.0f);
  out.slots.reserve(longest(word.size()));
  out.slots.clear();
  const auto lasts = [&](std::int32_t what, int least, int most) {
    const int slots =
        least + static_cast<int>(rng.below(static_cast<std::uint32_t>(most - least + 1)));
    out.slots.insert(out.slots.end(), static_cast<std::size_t>(slots), what);
  };
  const float f0 = between(rng, 100, 200), scale = between(rng, 0.9, 1.2);
  lasts(0, least_pause, most_pause);
  for (const std::int32_t letter : word) {
    const std::size_t begin = out.slots.size();
    lasts(letter, least_vowel, most_vowel);
    const float own = f0 * between(rng, 0.95, 1.05), loudness = between(rng, loudest / 2, loudest);
    say_vowel(vowels[static_cast<std::size_t>(letter - 1)], own, scale, loudness,
              std::span(out.samples).subspan(begin * slot, (out.slots.size() - begin) * slot));
    lasts(0, least_pause, most_pause);
  }
  out.samples.resize(out.slots.size() * slot);
  float noise[1024];
  for (std::size_t done = 0; done < out.samples.size(); done += std::size(noise)) {
    const std::size_t count = std::min(std::size(noise), out.samples.size() - done);
    fill_normal(rng, noise, count);
    for (std::size_t k = 0; k < count; ++k) out.samples[done + k] += noise_ * noise[k];
  }
}

}  // namespace rnnlab
