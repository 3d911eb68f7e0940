#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "math/gemm.hpp"
#include "nn/layers/prefetch.hpp"
#include "nn/layers/row_blocks.hpp"
#include "nn/layers/time_blocks.hpp"

namespace rnnlab {

/// Weight gradients, in the layout of RowBlocks' panels: slab += Σ ∂a xᵀ over the columns of some
/// steps. ∂a has the rows of `rows`, x has `columns` rows.
template <class S>
class OuterProducts {
 public:
  /// For T steps of b columns; `ld…` is the distance between columns.
  OuterProducts(const RowBlocks<S>& rows, int columns, int T, int b, int ld_da, int ld_x)
      : rows_(rows),
        columns_(columns),
        pieces_((columns + piece - 1) / piece),
        last_width_(columns - piece * (pieces_ - 1)),
        blocks_{products(std::min(T, time_block) * b, ld_da, ld_x),
                products((T % time_block > 0 ? T % time_block : time_block) * b, ld_da, ld_x)},
        ahead_(size(rows.rows(), columns) * sizeof(S) > in_cache) {}

  /// Adds n steps, as many as for_time_blocks_backwards gives.
  void add(const S* da, const S* x, int n, S* slab) const {
    for (int k = 0; k < rows_.count(); ++k) add_rows(k, da, x, n, slab);
  }
  /// The same for block k of the rows alone.
  void add_rows(int k, const S* da, const S* x, int n, S* slab) const {
    const auto& block = blocks_[n == time_block ? 0 : 1];
    const int row = rows_.gates() * rows_.begin(k), height = rows_.gates() * rows_.width(k);
    S* to = slab + size(row, columns_);
    for (int c = 0; c < pieces_; ++c, to += size(piece, height)) {
      const bool last_row = k + 1 == rows_.count(), last_column = c + 1 == pieces_;
      if (ahead_ && !(last_row && last_column)) {
        prefetch<Use::write>(to + size(last_column ? last_width_ : piece, height),
                             size(c + 2 == pieces_ ? last_width_ : piece, height));
      }
      block[2 * last_row + last_column](da + row, x + piece * c, to);
    }
  }

 private:
  static constexpr int piece = 64;                               // columns of one product
  static constexpr std::size_t in_cache = std::size_t{1} << 19;  // bytes of a slab that stay there

  /// For full and last blocks of rows, each for full and last pieces of columns.
  std::array<Product<S>, 4> products(int depth, int ld_da, int ld_x) const {
    const auto product = [&](int k, int width) {
      const int height = rows_.gates() * rows_.width(k);
      return Product<S>({.m = height,
                         .n = width,
                         .k = depth,
                         .lda = ld_da,
                         .ldb = ld_x,
                         .ldc = height,
                         .transpose_b = true});
    };
    const int last = rows_.count() - 1, full = std::min(piece, columns_);
    return {product(0, full), product(0, last_width_), product(last, full),
            product(last, last_width_)};
  }

  const RowBlocks<S>& rows_;
  int columns_, pieces_, last_width_;
  std::array<std::array<Product<S>, 4>, 2> blocks_;  // of full time blocks, of the last
  bool ahead_;
};

}  // namespace rnnlab
