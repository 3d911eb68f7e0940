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
  double parts[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double v = static_cast<double>(x[i + j]);
      parts[j] += v * v;
    }
  }
  for (; i < n; ++i) {
    const double v = static_cast<double>(x[i]);
    parts[i % 8] += v * v;
  }
  return ((parts[0] + parts[1]) + (parts[2] + parts[3])) +
         ((parts[4] + parts[5]) + (parts[6] + parts[7]));
}

}  // namespace rnnlab
