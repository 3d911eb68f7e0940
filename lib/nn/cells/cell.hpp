#pragma once

#include <array>

namespace rnnlab {

/// What a cell's own weight starts at.
enum class Start { zero, leak };

/// One of a cell's own weights, of which every unit has one: a parameter [H] of the layer.
struct UnitWeight {
  const char* name;  // without the layer's suffix
  Start start = Start::zero;
  bool trained = true;  // else it keeps its start
};

/// The value that it starts at, where leaky units are given `leak`.
constexpr double start_of(const UnitWeight& w, double leak) {
  return w.start == Start::leak ? leak : 0;
}

// The two rules of a cell, or of a step (nn/steps/rule.hpp), whose state before and after may be of
// two sizes. One with weights of its own per unit (`params` of them, named in a cell's `weights`)
// is given their values p in both, and returns ∂L/∂p in dp; others know of neither.

template <class Cell, class V, std::size_t slots, std::size_t before, std::size_t params,
          std::size_t after, std::size_t saved>
[[gnu::always_inline]] inline void forward_of(const std::array<V, slots>& a,
                                              const std::array<V, before>& s,
                                              const std::array<V, params>& p,
                                              std::array<V, after>& s_next,
                                              std::array<V, saved>& keep) {
  if constexpr (params > 0) {
    Cell::forward(a, s, p, s_next, keep);
  } else {
    Cell::forward(a, s, s_next, keep);
  }
}

template <class Cell, class V, std::size_t slots, std::size_t before, std::size_t params,
          std::size_t after, std::size_t saved>
[[gnu::always_inline]] inline void backward_of(const std::array<V, after>& ds_next,
                                               const std::array<V, before>& s,
                                               const std::array<V, after>& s_next,
                                               const std::array<V, saved>& keep,
                                               const std::array<V, params>& p,
                                               std::array<V, slots>& da, std::array<V, before>& ds,
                                               std::array<V, params>& dp) {
  if constexpr (params > 0) {
    Cell::backward(ds_next, s, s_next, keep, p, da, ds, dp);
  } else {
    Cell::backward(ds_next, s, s_next, keep, da, ds);
  }
}

/// γ of a cell with a second state c: the whole ∂L/∂c', including the path through h'.
template <class Cell, class V, std::size_t carry, std::size_t params, std::size_t saved>
[[gnu::always_inline]] inline V total_cell_gradient_of(const std::array<V, carry>& ds_next,
                                                       const std::array<V, carry>& s_next,
                                                       const std::array<V, saved>& keep,
                                                       const std::array<V, params>& p) {
  if constexpr (params > 0) {
    return Cell::total_cell_gradient(ds_next, s_next, keep, p);
  } else {
    return Cell::total_cell_gradient(ds_next, keep);
  }
}

}  // namespace rnnlab
