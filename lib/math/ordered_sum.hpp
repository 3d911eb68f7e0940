#pragma once

#include <cstddef>

namespace rnnlab {

/// slab_0[i] += slab_1[i] += … in the order of the slabs, for i in [begin, end): the same bits for
/// any split of the range over threads. Slab k starts at `slabs + k·stride`.
template <class S>
void ordered_sum(S* slabs, std::size_t stride, int count, std::size_t begin, std::size_t end) {
  for (int k = 1; k < count; ++k) {
    const S* from = slabs + static_cast<std::size_t>(k) * stride;
    for (std::size_t i = begin; i < end; ++i) slabs[i] += from[i];
  }
}

/// Σ x², in double, in a fixed order: a float would overflow at norms of 1e19.
template <class S>
double sum_of_squares(const S* x, std::size_t n) {
  constexpr std::size_t width = 32;  // sums side by side: no addition waits for the one before
  double parts[width] = {};
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    for (std::size_t j = 0; j < width; ++j) {
      const double v = static_cast<double>(x[i + j]);
      parts[j] += v * v;
    }
  }
  for (std::size_t j = 0; i < n; ++i, ++j) {
    const double v = static_cast<double>(x[i]);
    parts[j] += v * v;
  }
  for (std::size_t half = width / 2; half > 0; half /= 2) {
    for (std::size_t j = 0; j < half; ++j) parts[j] += parts[j + half];
  }
  return parts[0];
}

}  // namespace rnnlab
