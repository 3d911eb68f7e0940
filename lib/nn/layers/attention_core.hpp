#pragma once

#include <cstddef>

#include "base/arena.hpp"
#include "base/view.hpp"

namespace rnnlab {

/// Scaled dot-product attention of queries over a memory, by several heads (Vaswani et al.:
/// Attention Is All You Need, 2017). No layer and no parameters: queries, keys and values come as
/// they are compared, so that a layer may take them from one sequence or from two.
///
///   A = softmax over allowed j of q_iᵀ k_j / √d,   y_i = Σ_j A_ij v_j,   d = width / heads
///
/// each head on its own d rows of q, k, v and y. Memory past its end (`Seq::length`) is never
/// allowed; with `causal` neither is what comes after the query, j > i. A query past the end of its
/// own sequence gets zeros, and so does one that may see nothing.
///
/// All products are of blocks of 16 queries and 16 places of memory, anchored at 0, whatever the
/// lengths: padding changes no bit, and blocks that a causal mask empties are left out.
template <class S>
class AttentionCore {
 public:
  /// `heads` must divide `width`.
  AttentionCore(int width, int heads, bool causal);

  int heads() const { return heads_; }
  /// Queries of Tq steps, a memory of Tm, b columns.
  std::size_t frame_size(int Tq, int Tm, int b) const;

  /// q [Tq, b, width]; k, v [Tm, b, width] of one length. Returns y [Tq, b, width] in the frame,
  /// columns padded with zeros to whole lane groups.
  Seq<S> forward(Seq<const S> q, Seq<const S> k, Seq<const S> v, S* frame) const;
  /// The y of the last forward with this frame.
  Seq<const S> output(S* frame, int Tq, int Tm, int b) const;
  /// After a forward with the same q, k, v and frame: writes ∂L/∂q, ∂L/∂k and ∂L/∂v, `width` rows
  /// of every column; zero past an end.
  void backward(Seq<const S> q, Seq<const S> k, Seq<const S> v, Seq<const S> dy, Seq<S> dq,
                Seq<S> dk, Seq<S> dv, S* frame) const;

  /// A of the last forward with this frame, [Tq, b, heads · Tm]: head h's weights of a query from
  /// row h · Tm on. `queries` and `memory` [b]: the lengths that forward had, null: all.
  Seq<const S> weights(S* frame, int Tq, int Tm, int b, const int* queries,
                       const int* memory) const;

 private:
  static constexpr int tile = 16;

  struct Frame {
    S* y;       // [Tq, b, ld]
    S* share;   // A: [b, heads, tiles of queries, tiles of memory][tile queries][tile places]
    S* shown;   // [Tq, b, heads · Tm]
    S *q, *dq;  // [Tq up to whole tiles, dp]; q times 1/√d
    S* dy;      // [Tq …, dp], in forward y
    S *k, *v;   // [Tm up to whole tiles, dp], or as tiles [dp][tile]
    S *dk, *dv;
    S* ds;  // [tiles of memory][tile][tile]
  };
  static int tiles(int steps) { return (steps + tile - 1) / tile; }
  static int steps(const int* length, int column, int T) { return length ? length[column] : T; }
  /// Places of memory that query i sees.
  int allowed(int i, int queries, int memory) const;
  /// Tiles of memory that some query of tile i sees.
  int tiles_for(int i, int memory) const;
  Frame frame(Carver<S>&, int Tq, int Tm, int b) const;
  S* share(const Frame&, int Tq, int Tm, int column, int head, int i, int j) const;
  void softmax(S* tiles, int count, int i, int queries, int memory) const;
  void softmax_backward(const S* share, S* ds, int count) const;

  /// A head's rows of one column, zeros from `steps` to whole tiles: [steps …, dp], or transposed
  /// tile by tile.
  void gather(Seq<const S> from, int column, int head, int steps, S factor, S* to) const;
  void gather_transposed(Seq<const S> from, int column, int head, int steps, S* to) const;
  void scatter(const S* from, int steps, S factor, Seq<S> to, int column, int head) const;

  int width_, heads_, d_, dp_, ld_;
  bool causal_;
};

}  // namespace rnnlab
