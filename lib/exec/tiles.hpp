#pragma once

#include <algorithm>
#include <cstddef>

#include "exec/pool.hpp"

namespace rnnlab {

/// Calls f(begin, end) for pieces of `tile` entries that cover [0, n), in any thread. The cut
/// depends on n alone.
template <class F>
void for_tiles(Pool& pool, std::size_t tile, std::size_t n, F&& f) {
  pool.run(static_cast<int>((n + tile - 1) / tile), [&](int i, int) {
    const std::size_t begin = static_cast<std::size_t>(i) * tile;
    f(begin, std::min(n, begin + tile));
  });
}

}  // namespace rnnlab
