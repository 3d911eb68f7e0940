#pragma once

#include <cstddef>
#include <cstdint>

#include "math/lanes.hpp"

namespace rnnlab {

// Products with one-hot columns, of which only the place of the one is kept: `symbol` [n]. `panel`
// is [symbols][rows], rows in whole lane groups.

/// to_column += panel[symbol_column] for n columns, `ld` apart.
template <class S>
void add_picked(const S* panel, int rows, const std::int32_t* symbol, int n, S* to, int ld) {
  for (int column = 0; column < n; ++column) {
    const S* from =
        panel + static_cast<std::size_t>(symbol[column]) * static_cast<std::size_t>(rows);
    S* out = to + static_cast<std::size_t>(column) * static_cast<std::size_t>(ld);
    for (int r = 0; r < rows; r += lanes<S>) store<S>(out + r, load(out + r) + load(from + r));
  }
}

/// panel[symbol_column] += from_column, column by column.
template <class S>
void add_to_picked(const S* from, int ld, int rows, const std::int32_t* symbol, int n, S* panel) {
  for (int column = 0; column < n; ++column) {
    const S* in = from + static_cast<std::size_t>(column) * static_cast<std::size_t>(ld);
    S* to = panel + static_cast<std::size_t>(symbol[column]) * static_cast<std::size_t>(rows);
    for (int r = 0; r < rows; r += lanes<S>) store<S>(to + r, load(to + r) + load(in + r));
  }
}

}  // namespace rnnlab
