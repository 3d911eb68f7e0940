#pragma once

#include <array>
#include <vector>

#include "base/arena.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/layers/row_blocks.hpp"

namespace rnnlab {

/// A cell's slots as numbers, taken from its constants.
struct CellShape {
  int slots = 0;
  std::vector<int> input_slot;      // of each row block of W_ih x + b_ih
  std::vector<int> recurrent_slot;  // of each row block of W_hh h + b_hh
  int forget_gate = -1;             // row block that forget_bias goes to

  template <class Cell>
  static CellShape of() {
    return {Cell::slots,
            {Cell::input_slot.begin(), Cell::input_slot.end()},
            {Cell::recurrent_slot.begin(), Cell::recurrent_slot.end()},
            Cell::forget_gate};
  }
};

/// The parameters of a recurrent layer in their three layouts: PyTorch's, packed, and slab.
template <class S>
class RecurrentWeights {
 public:
  struct Packed {
    S* wx;    // W_ih as panels [I][G·width]
    S* wh;    // W_hh as panels [H][G·width]
    S* bias;  // per block [slots, width]: what each slot starts from
    S* wht;   // W_hhᵀ as panels [G·Hp][≤ 4L units]
    S* wxt;   // W_ihᵀ likewise, if ∂L/∂x is wanted
  };
  struct Slab {
    S *wx, *wh, *bias;  // as in Packed
  };

  RecurrentWeights(const RecurrentOptions&, const CellShape&);

  /// Rows in the order of what W_ih feeds, and of what W_hh feeds.
  const RowBlocks<S>& x_rows() const { return x_rows_; }
  const RowBlocks<S>& h_rows() const { return h_rows_; }

  void declare(ParamLayout&);
  void initialize(Key, S* theta) const;
  void pack(const S* theta, S* packed) const;
  void unpack(const S* slab, S scale, S* gradient) const;

  Packed packed(Carver<S>&) const;
  Slab slab(Carver<S>&) const;

 private:
  enum At { weight_ih, weight_hh, bias_ih, bias_hh };
  /// Calls f(row in PyTorch's order, offset in the blocks' order) for each entry of a bias vector.
  template <class F>
  void for_each_bias(const std::vector<int>& slot, F&& f) const;

  RecurrentOptions o_;
  CellShape cell_;
  int G_;
  RowBlocks<S> x_rows_, h_rows_;
  std::size_t first_ = 0;            // index of weight_ih in the layout; the others follow
  std::array<std::size_t, 4> at_{};  // offsets in θ
};

}  // namespace rnnlab
