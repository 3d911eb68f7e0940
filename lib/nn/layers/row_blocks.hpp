#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/view.hpp"
#include "math/lanes.hpp"

namespace rnnlab {

/// A weight matrix [G·H, N] (row-major, PyTorch's order: G blocks of H rows) as the products want
/// it.
///
/// Rows are regrouped by units: a block holds all G rows of `groups` lane groups of consecutive
/// units, about 64 rows, ordered [gate][unit]. Then one panel [N][rows] is one packed product,
/// whose result is at hand in L1 when the cell's rule follows. H is padded to whole lane groups
/// with zeros; only the last block can be narrower.
///
/// A column in this order (the pre-activations' gradient at one step) has G·Hp rows; block k starts
/// at row G·begin(k).
template <class S>
class RowBlocks {
 public:
  static constexpr int L = lanes<S>;
  static constexpr int panel = 4 * L;  // width of a transposed panel: four registers

  /// `place[g]` is where gate g stands in a block's order.
  RowBlocks(int hidden, std::vector<int> place)
      : H_(hidden),
        Hp_(round_up(hidden, L)),
        G_(static_cast<int>(place.size())),
        place_(std::move(place)) {}
  RowBlocks(int hidden, int gates) : RowBlocks(hidden, in_order(gates)) {}

  int hidden() const { return H_; }
  int padded() const { return Hp_; }
  int gates() const { return G_; }
  int rows() const { return G_ * Hp_; }
  int units() const { return std::max(1, 4 / G_) * L; }
  int count() const { return (Hp_ + units() - 1) / units(); }
  int begin(int k) const { return k * units(); }
  int width(int k) const { return std::min(units(), Hp_ - begin(k)); }  // units, padded

  // The matrix' rows stand `ld` apart; 0: N.

  /// Panels [N][G·width], one per block, block k at N·G·begin(k).
  std::size_t packed_size(int N) const { return size(rows(), N); }
  void pack(const S* weights, int N, S* packed, int ld = 0) const;
  /// weights += scale · packed
  void unpack(const S* packed, int N, S scale, S* weights, int ld = 0) const;

  /// The transpose as panels [G·Hp][width] of `panel` columns each (the last one narrower, in whole
  /// lane groups), panel p at G·Hp·panel·p.
  std::size_t transposed_size(int N) const { return size(rows(), round_up(N, L)); }
  void pack_transposed(const S* weights, int N, S* packed, int ld = 0) const;
  static int panels(int N) { return (round_up(N, L) + panel - 1) / panel; }
  static int panel_width(int N, int p) { return std::min(panel, round_up(N, L) - panel * p); }

 private:
  static std::vector<int> in_order(int gates);
  /// Calls f(first row in the matrix, first row in the packed order, units, block).
  template <class F>
  void for_each_run(F&& f) const;

  int H_, Hp_, G_;
  std::vector<int> place_;
};

}  // namespace rnnlab
