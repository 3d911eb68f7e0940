#pragma once

#include <cstddef>
#include <cstdint>

namespace rnnlab {

/// A sequence of columns in memory: [T, B, F] with F fastest and columns `ld` apart (ld ≥ F), so
/// one time step is an F×B column-major block and all steps are one F×(T·B) matrix. With `symbol`
/// every column is one-hot and only the place of its one is kept.
template <class S>
struct Seq {
  S* p = nullptr;
  int T = 0;
  int B = 0;
  int F = 0;
  int ld = 0;
  const int* length = nullptr;           // [B] steps of each column; null: all T
  const std::int32_t* symbol = nullptr;  // [T, B] instead of p: the F×B block's ones

  S* at(int t, int b = 0) const {
    return p + (static_cast<std::size_t>(t) * static_cast<std::size_t>(B) +
                static_cast<std::size_t>(b)) *
                   static_cast<std::size_t>(ld);
  }
  operator Seq<const S>() const { return {p, T, B, F, ld, length, symbol}; }
};

/// Entries of a block with these sides.
constexpr std::size_t size(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}
constexpr std::size_t size(int a, int b, int c) { return size(a, b) * static_cast<std::size_t>(c); }

constexpr int round_up(int n, int multiple) { return (n + multiple - 1) / multiple * multiple; }

}  // namespace rnnlab
