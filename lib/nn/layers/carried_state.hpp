#pragma once

#include <algorithm>
#include <cstddef>

#include "nn/layer.hpp"

namespace rnnlab {

// One piece of the state, `rows` entries per column: `states` is [T + 1, b, rows], the state before
// the first step first.

/// The state before the first step: what was carried in, else `first` [rows]; null: zero.
template <class S>
void enter(CarriedState<S> carried, S* states, int rows, int b, const S* first = nullptr) {
  for (int column = 0; column < b; ++column) {
    S* to = states + static_cast<std::size_t>(column) * static_cast<std::size_t>(rows);
    if (carried.enters(column)) {
      std::copy_n(carried.p + static_cast<std::ptrdiff_t>(column) * carried.ld, rows, to);
    } else if (first) {
      std::copy_n(first, rows, to);
    } else {
      std::fill_n(to, rows, S{0});
    }
  }
}

/// Carries out each column's state after its last step, or after step `leave_after`.
template <class S>
void leave(CarriedState<S> carried, const S* states, int rows, Seq<const S> x) {
  for (int column = 0; column < x.B; ++column) {
    int steps = x.length ? x.length[column] : x.T;
    if (carried.leave_after > 0) steps = std::min(steps, carried.leave_after);
    const auto at = static_cast<std::size_t>(steps) * static_cast<std::size_t>(x.B) +
                    static_cast<std::size_t>(column);
    std::copy_n(states + at * static_cast<std::size_t>(rows), rows,
                carried.p + static_cast<std::ptrdiff_t>(column) * carried.ld);
  }
}

/// Zeroes the state after step t of every column that has ended before it. Nobody reads it, but it
/// could still grow to infinity, and 0 · ∞ would reach the weight gradient.
template <class S>
void clear_past_end(const int* length, int t, S* state, int rows, int b) {
  for (int column = 0; column < b; ++column) {
    if (t < length[column]) continue;
    std::fill_n(state + static_cast<std::size_t>(column) * static_cast<std::size_t>(rows), rows,
                S{0});
  }
}

}  // namespace rnnlab
