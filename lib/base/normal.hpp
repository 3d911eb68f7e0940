#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include "base/rng.hpp"

namespace rnnlab {
namespace detail {

/// ln x for normal x > 0, absolute error below 2e-7·|ln x| + 1e-7: x = 2^e m with m in [√½, √2),
/// and ln m = 2 artanh((m − 1)/(m + 1)) by its series. Straight-line code, so that loops vectorise.
inline float fast_log(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t shifted = bits - 0x3F3504F3u;  // √½
  const float e = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
  const float m = std::bit_cast<float>((shifted & 0x007FFFFFu) + 0x3F3504F3u);
  const float s = (m - 1.0f) / (m + 1.0f), q = s * s;
  const float series =
      2.0f * s * (1.0f + q * (1.0f / 3 + q * (1.0f / 5 + q * (1.0f / 7 + q * (1.0f / 9)))));
  return e * std::numbers::ln2_v<float> + series;
}

/// cos 2πv and sin 2πv for v in [0, 1), absolute error below 5e-7: Taylor's series on an eighth.
inline void fast_circle(float v, float& cosine, float& sine) {
  const std::int32_t quarter = static_cast<std::int32_t>(4.0f * v + 0.5f);
  const float x = 2.0f * std::numbers::pi_v<float> * (v - 0.25f * static_cast<float>(quarter));
  const float q = x * x;
  // Reciprocals are multiplied with: a division costs as much as the rest of the series.
  constexpr float s2 = 1.0f / 6, s4 = s2 / 20, s6 = s4 / 42, s8 = s6 / 72;
  constexpr float c2 = 1.0f / 2, c4 = c2 / 12, c6 = c4 / 30, c8 = c6 / 56;
  const float s = x * (1.0f - q * (s2 - q * (s4 - q * (s6 - q * s8))));
  const float c = 1.0f - q * (c2 - q * (c4 - q * (c6 - q * c8)));
  const bool swap = (quarter & 1) != 0;
  const float cc = swap ? s : c, ss = swap ? c : s;
  cosine = ((quarter + 1) & 2) != 0 ? -cc : cc;
  sine = (quarter & 2) != 0 ? -ss : ss;
}

}  // namespace detail

/// Fills n floats with independent standard normals (Box and Muller 1958).
inline void fill_normal(Rng& rng, float* out, std::size_t n) {
  constexpr std::size_t block = 64;  // pairs
  std::uint32_t words[2 * block];
  float last[2 * block];
  for (std::size_t done = 0; done < n; done += 2 * block) {
    rng.fill(words, 2 * block);
    const bool whole = n - done >= 2 * block;
    float* to = whole ? out + done : last;
    for (std::size_t i = 0; i < block; ++i) {
      const float u = (static_cast<float>(words[i] >> 8) + 0.5f) * 0x1p-24f;
      const float v = static_cast<float>(words[block + i] >> 8) * 0x1p-24f;
      const float r = std::sqrt(-2.0f * detail::fast_log(u));
      float c, s;
      detail::fast_circle(v, c, s);
      to[i] = r * c;
      to[block + i] = r * s;
    }
    if (!whole) std::copy(last, last + (n - done), out + done);
  }
}

}  // namespace rnnlab
