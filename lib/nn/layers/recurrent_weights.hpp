#pragma once

#include <array>
#include <vector>

#include "base/arena.hpp"
#include "nn/cells/cell.hpp"
#include "nn/layers/orthogonal_weight.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/layers/row_blocks.hpp"

namespace rnnlab {

/// A cell's slots as numbers, taken from its constants.
struct CellShape {
  int slots = 0;
  std::vector<int> input_slot;           // of each row block of W_ih x + b_ih
  std::vector<int> recurrent_slot;       // of each row block of W_hh h + b_hh
  int forget_gate = -1;                  // row block that forget_bias goes to
  int input_gate = -1;                   // the one that opens where that closes
  std::vector<UnitWeight> weights = {};  // the cell's own, one of each per unit

  template <class Cell>
  static CellShape of() {
    CellShape shape{Cell::slots,
                    {Cell::input_slot.begin(), Cell::input_slot.end()},
                    {Cell::recurrent_slot.begin(), Cell::recurrent_slot.end()},
                    Cell::forget_gate,
                    Cell::input_gate,
                    {}};
    if constexpr (Cell::params > 0)
      shape.weights.assign(Cell::weights.begin(), Cell::weights.end());
    return shape;
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
    S* unit;  // the cell's own weights, per block [params, width]
    S* map;   // W_hh itself, where it is a function of the parameter
  };
  struct Slab {
    S *wx, *wh, *bias, *unit;  // as in Packed
  };

  RecurrentWeights(const RecurrentOptions&, const CellShape&);

  /// Rows in the order of what W_ih feeds, and of what W_hh feeds.
  const RowBlocks<S>& x_rows() const { return x_rows_; }
  const RowBlocks<S>& h_rows() const { return h_rows_; }

  /// Whether their gradients are wanted.
  bool trains_input() const { return o_.fixed != "reservoir"; }
  bool trains_recurrent() const { return o_.fixed == "none"; }

  void declare(ParamLayout&);
  void initialize(Key, S* theta) const;
  void pack(const S* theta, S* packed) const;
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const;

  Packed packed(Carver<S>&) const;
  Slab slab(Carver<S>&) const;

 private:
  enum At { weight_ih, weight_hh, bias_ih, bias_hh };
  void initialize_chrono(Key, S* bias) const;
  /// Calls f(row in PyTorch's order, offset in the blocks' order) for each entry of a bias vector.
  template <class F>
  void for_each_bias(const std::vector<int>& slot, F&& f) const;
  /// Calls f(offset in θ, offset in the blocks' order) for each entry of the cell's own weights.
  template <class F>
  void for_each_unit_weight(F&& f) const;
  int params() const { return static_cast<int>(cell_.weights.size()); }

  RecurrentOptions o_;
  CellShape cell_;
  int G_;
  RowBlocks<S> x_rows_, h_rows_;
  OrthogonalWeight<S> map_;
  std::size_t first_ = 0;             // index of weight_ih in the layout; the others follow
  std::array<std::size_t, 4> at_{};   // offsets in θ
  std::vector<std::size_t> unit_at_;  // of the cell's own weights
};

}  // namespace rnnlab
