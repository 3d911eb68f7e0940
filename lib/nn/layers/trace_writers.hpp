#pragma once

#include <cmath>
#include <cstddef>

#include "math/ordered_sum.hpp"
#include "nn/layer.hpp"

namespace rnnlab {

/// ‖column‖₂ · scale of each of b columns of `rows` entries, `ld` apart.
template <class S>
void write_norms(const S* columns, int rows, int ld, int b, const StateTrace& trace, double* to) {
  for (int column = 0; column < b; ++column) {
    const S* from = columns + static_cast<std::size_t>(column) * static_cast<std::size_t>(ld);
    to[column] =
        trace.scale[column] * std::sqrt(sum_of_squares(from, static_cast<std::size_t>(rows)));
  }
}

/// b columns of `rows` entries, `ld` apart, as [rows, to_ld] with the columns side by side.
template <class S>
void write_transposed(const S* columns, int rows, int ld, int b, int to_ld, double* to) {
  for (int r = 0; r < rows; ++r) {
    for (int column = 0; column < b; ++column) {
      to[static_cast<std::size_t>(r) * static_cast<std::size_t>(to_ld) +
         static_cast<std::size_t>(column)] =
          static_cast<double>(
              columns[static_cast<std::size_t>(column) * static_cast<std::size_t>(ld) +
                      static_cast<std::size_t>(r)]);
    }
  }
}

}  // namespace rnnlab
