#pragma once

#include <algorithm>

namespace rnnlab {

/// Weight gradients are sums over time of outer products. They are taken over blocks of this many
/// steps, anchored at t = 0, each one product of depth steps·b, added from the last block to the
/// first: padding a sequence then changes no bit. Part of the code's `numerics`.
inline constexpr int time_block = 8;

/// Calls f(t0, n) for the blocks [t0, t0 + n) of T steps, last first.
template <class F>
void for_time_blocks_backwards(int T, F&& f) {
  for (int t0 = (T - 1) / time_block * time_block; t0 >= 0; t0 -= time_block) {
    f(t0, std::min(time_block, T - t0));
  }
}

}  // namespace rnnlab
