#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "math/lanes.hpp"
#include "math/ordered_sum.hpp"
#include "nn/layer.hpp"

namespace rnnlab {

/// ‖column‖₂ · scale of each of b columns of `rows` entries, `ld` apart. The squares are added up
/// in S, side by side for as many columns as there are lanes; a column whose sum leaves the range
/// where that loses nothing (norms of 1e19, or below 1e-13) is added up again in double.
template <class S>
void write_norms(const S* columns, int rows, int ld, int b, const StateTrace& trace, double* to) {
  constexpr int L = lanes<S>;
  using Part = typename Register<S>::Type;
  const int whole = rows / L * L;
  for (int first = 0; first < b; first += L) {
    const int count = std::min(L, b - first);
    Part parts[L] = {};
    for (int k = 0; k < count; ++k) {
      const S* from = columns + static_cast<std::ptrdiff_t>(first + k) * ld;
      Part even{}, odd{};
      const auto add = [&](Part& sum, const Lane<S>& lane) {
        const Part v = Register<S>::of(lane);
        sum += v * v;
      };
      int i = 0;
      for (; i + 2 * L <= whole; i += 2 * L) {
        add(even, load(from + i));
        add(odd, load(from + i + L));
      }
      if (i < whole) add(even, load(from + i));
      if (whole < rows) add(odd, first_lanes(load(from + whole), rows - whole, S{}));
      parts[k] = even + odd;
    }
    const Part sums = sums_of_lanes<S>(parts);
    for (int k = 0; k < count; ++k) to[first + k] = static_cast<double>(sums[k]);
    for (int k = 0; k < count; ++k) {
      if (!(to[first + k] > 1e-26 && to[first + k] < 1e37)) {
        to[first + k] = sum_of_squares(columns + static_cast<std::ptrdiff_t>(first + k) * ld,
                                       static_cast<std::size_t>(rows));
      }
    }
  }
  for (int column = 0; column < b; ++column)
    to[column] = trace.scale[column] * std::sqrt(to[column]);
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
