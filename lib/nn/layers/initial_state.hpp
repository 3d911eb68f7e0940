#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "base/rng.hpp"
#include "nn/layers/carried_state.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// What the initial state of a recurrent layer is made from.
struct InitialStateOptions {
  std::string kind = "zero";  // zero, learned or random
  double scale = 0.1;         // random: standard deviation
};

/// The state s_{−1} of columns that nothing is carried into, the same in every column; its pieces
/// are h and, in cells that have one, c.
///
///   zero     0
///   learned  parameters h0 and c0 [H] (with the layer's suffix) that start at 0:
///            ∂L/∂s_{−1} summed over the columns that start from it
///   random   the same parameters, drawn once from N(0, scale²) and not trained
///
/// It lies as [pieces, Hp] in a layer's packed weights and, for the gradient, in its slab.
template <class S>
class InitialState {
 public:
  /// `padded`: entries between columns of the state, at least `hidden`.
  InitialState(InitialStateOptions options, std::string suffix, int hidden, int padded, int pieces)
      : o_(std::move(options)),
        suffix_(std::move(suffix)),
        H_(hidden),
        Hp_(padded),
        pieces_(pieces) {}

  /// Whether it can differ from zero.
  explicit operator bool() const { return o_.kind != "zero"; }
  bool trained() const { return o_.kind == "learned"; }

  void declare(ParamLayout& layout) {
    if (!*this) return;
    first_ = layout.count();
    for (int j = 0; j < pieces_; ++j) {
      at_.push_back(layout.add((j == 0 ? "h0" : "c0") + suffix_, H_, 0, trained()));
    }
  }
  void initialize(Key key, S* theta) const {
    for (std::size_t j = 0; j < at_.size(); ++j) {
      Rng rng(key, first_ + j);
      for (int u = 0; u < H_; ++u) {
        theta[at_[j] + static_cast<std::size_t>(u)] =
            trained() ? S{0} : static_cast<S>(o_.scale * rng.normal());
      }
    }
  }

  /// Its place in packed weights or a slab.
  S* take(Carver<S>& carver) const {
    return *this ? carver.take(static_cast<std::size_t>(pieces_ * Hp_)) : nullptr;
  }
  void pack(const S* theta, S* packed) const {
    for (std::size_t j = 0; j < at_.size(); ++j) {
      S* const to = packed + static_cast<std::ptrdiff_t>(j) * Hp_;
      std::fill_n(std::copy_n(theta + at_[j], H_, to), Hp_ - H_, S{0});
    }
  }
  void unpack(const S* slab, S scale, S* gradient) const {
    for (std::size_t j = 0; j < at_.size(); ++j) {
      for (int u = 0; u < H_; ++u) {
        gradient[at_[j] + static_cast<std::size_t>(u)] +=
            scale * slab[static_cast<std::ptrdiff_t>(j) * Hp_ + u];
      }
    }
  }

  /// Piece j of the state before the first step [b, Hp].
  void enter(const S* packed, CarriedState<S> carried, int j, S* states, int b) const {
    rnnlab::enter(carried.from(j * Hp_), states, Hp_, b, *this ? packed + j * Hp_ : nullptr);
  }
  /// Room for which columns those are that start from it; none where nobody asks.
  int* take_starts(Carver<S>& frame, int b) const {
    return take_ints(frame, trained() ? static_cast<std::size_t>(b) : 0);
  }
  void mark_starts(CarriedState<S> carried, int b, int* starts) const {
    for (int column = 0; trained() && column < b; ++column) {
      starts[column] = !carried.enters(column);
    }
  }
  /// slab += Σ_b ∂L/∂s_{−1} of piece j over the columns that start from it, in their order.
  void add(int j, const S* gradient, const int* starts, int b, S* slab) const {
    for (int column = 0; column < b; ++column) {
      if (!starts[column]) continue;
      for (int u = 0; u < Hp_; ++u) slab[j * Hp_ + u] += gradient[column * Hp_ + u];
    }
  }

 private:
  InitialStateOptions o_;
  std::string suffix_;
  int H_, Hp_, pieces_;
  std::size_t first_ = 0;        // index of h0 in the layout
  std::vector<std::size_t> at_;  // offsets in θ
};

}  // namespace rnnlab
