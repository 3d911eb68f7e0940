#pragma once

#include <cstddef>

#include "math/lanes.hpp"

namespace rnnlab {

/// Asks for n values that will be read soon, or written, to be brought into L2. A stream that
/// begins anew every few microseconds is over before the processor has seen it to be one.
enum class Use { read, write };
template <Use use, class S>
[[gnu::always_inline]] inline void prefetch(const S* p, std::size_t n) {
  for (std::size_t i = 0; i < n; i += lanes<S>) __builtin_prefetch(p + i, use == Use::write, 2);
}

}  // namespace rnnlab
