#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/arena.hpp"
#include "base/view.hpp"
#include "math/gemm.hpp"
#include "nn/layers/one_hot.hpp"
#include "nn/layers/row_blocks.hpp"

namespace rnnlab {

/// One weight matrix [G·H, I] and what a layer does with it: y_t += W x_t block of rows by block of
/// rows, dx_t (+)= Wᵀ dy_t, and, with OuterProducts over rows() and inputs(), ∂L/∂W += Σ dy xᵀ. The
/// columns of y and dy are in the order of RowBlocks.
template <class S>
class Affine {
 public:
  Affine(int hidden, int gates, int inputs) : rows_(hidden, gates), inputs_(inputs) {}

  const RowBlocks<S>& rows() const { return rows_; }
  int inputs() const { return inputs_; }

  struct Packed {
    S* w;   // panels [I][rows of a block]
    S* wt;  // Wᵀ: panels [G·Hp][≤ 4L inputs]
  };
  Packed packed(Carver<S>& c) const {
    S* const w = c.take(rows_.packed_size(inputs_));
    return {w, c.take(rows_.transposed_size(inputs_))};
  }
  S* slab(Carver<S>& c) const { return c.take(rows_.packed_size(inputs_)); }

  // The matrix may be some columns of a wider one, whose rows stand `ld` apart; 0: I.

  void pack(const S* weight, const Packed& to, int ld = 0) const {
    rows_.pack(weight, inputs_, to.w, ld);
    rows_.pack_transposed(weight, inputs_, to.wt, ld);
  }
  /// weight += scale · slab
  void unpack(const S* slab, S scale, S* weight, int ld = 0) const {
    rows_.unpack(slab, inputs_, scale, weight, ld);
  }

  /// y_t += W x_t for b columns, `ld…` apart.
  class Forward {
   public:
    Forward(const Affine& of, int b, int ld_x, int ld_y)
        : rows_(&of.rows_),
          inputs_(of.inputs_),
          b_(b),
          ld_y_(ld_y),
          block_{product(0, ld_x), product(rows_->count() - 1, ld_x)} {}

    /// The rows of block k.
    void operator()(int k, const S* w, const S* x, S* y) const {
      const int row = first(k);
      block_[k + 1 == rows_->count()](w + size(inputs_, row), x, y + row);
    }
    /// Likewise for one-hot columns, of which `symbol` [b] says where the one is.
    void picked(int k, const S* w, const std::int32_t* symbol, S* y) const {
      const int row = first(k);
      add_picked(w + size(inputs_, row), height(k), symbol, b_, y + row, ld_y_);
    }

   private:
    int first(int k) const { return rows_->gates() * rows_->begin(k); }
    int height(int k) const { return rows_->gates() * rows_->width(k); }
    Product<S> product(int k, int ld_x) const {
      return Product<S>(
          {.m = height(k), .n = b_, .k = inputs_, .lda = height(k), .ldb = ld_x, .ldc = ld_y_});
    }

    const RowBlocks<S>* rows_;
    int inputs_, b_, ld_y_;
    std::array<Product<S>, 2> block_;  // a full one, the last one
  };

  /// dx_t = Wᵀ dy_t, or += if `accumulate`, for b columns.
  class Backward {
   public:
    Backward(const Affine& of, int b, int ld_dy, int ld_dx, bool accumulate)
        : rows_(of.rows_.rows()),
          panels_(RowBlocks<S>::panels(of.inputs_)),
          panel_{product(of, 0, b, ld_dy, ld_dx, accumulate),
                 product(of, panels_ - 1, b, ld_dy, ld_dx, accumulate)} {}

    int panels() const { return panels_; }
    /// The inputs of panel p.
    void operator()(int p, const S* wt, const S* dy, S* dx) const {
      const int begin = RowBlocks<S>::panel * p;
      panel_[p + 1 == panels_](wt + size(rows_, begin), dy, dx + begin);
    }

   private:
    static Product<S> product(const Affine& of, int p, int b, int ld_dy, int ld_dx,
                              bool accumulate) {
      const int width = RowBlocks<S>::panel_width(of.inputs_, p);
      // A single gate's padding stands at the end, and is left out.
      const int rows = of.rows_.gates() == 1 ? of.rows_.hidden() : of.rows_.rows();
      return Product<S>({.m = width,
                         .n = b,
                         .k = rows,
                         .lda = width,
                         .ldb = ld_dy,
                         .ldc = ld_dx,
                         .accumulate = accumulate});
    }

    int rows_, panels_;
    std::array<Product<S>, 2> panel_;
  };

 private:
  RowBlocks<S> rows_;
  int inputs_;
};

}  // namespace rnnlab
