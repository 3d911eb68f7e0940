#pragma once

#include <algorithm>

#include "nn/layer.hpp"

namespace rnnlab {

/// Leaves of ∂(Σ w ℓ)/∂y [R, b] what belongs to each example's last scored step, divided by its
/// weight, with the exponents [R, b] that a sweep begins with. steps [b]: up to and with that step,
/// 0 for an example without any.
template <class S>
void keep_last_step(Seq<S> dy, const float* weights, int* exponent, int* steps) {
  std::fill_n(exponent, size(dy.T, dy.B), nothing);
  for (int b = 0; b < dy.B; ++b) {
    const auto place = [&](int t) { return size(t, dy.B) + static_cast<std::size_t>(b); };
    int step = dy.T - 1;
    while (step >= 0 && weights[place(step)] == 0) --step;
    for (int t = 0; t < dy.T; ++t) {
      for (int i = 0; i < dy.ld; ++i)
        dy.at(t, b)[i] = t == step ? dy.at(t, b)[i] / static_cast<S>(weights[place(t)]) : S{0};
    }
    steps[b] = step + 1;
    if (step >= 0) exponent[place(step)] = 0;
  }
}

}  // namespace rnnlab
