#pragma once

#include <cstddef>

namespace rnnlab {

/// A sequence of columns in memory: [T, B, F] with F fastest and columns `ld` apart (ld ≥ F), so
/// one time step is an F×B column-major block and all steps are one F×(T·B) matrix.
template <class S>
struct Seq {
  S* p = nullptr;
  int T = 0;
  int B = 0;
  int F = 0;
  int ld = 0;
  const int* length = nullptr;  // [B] steps of each column; null: all T

  S* at(int t, int b = 0) const {
    return p + (static_cast<std::size_t>(t) * static_cast<std::size_t>(B) +
                static_cast<std::size_t>(b)) *
                   static_cast<std::size_t>(ld);
  }
  operator Seq<const S>() const { return {p, T, B, F, ld, length}; }
};

constexpr int round_up(int n, int multiple) { return (n + multiple - 1) / multiple * multiple; }

}  // namespace rnnlab
