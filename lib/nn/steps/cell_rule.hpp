#pragma once

#include <array>

#include "nn/cells/cells.hpp"
#include "nn/steps/rule.hpp"

namespace rnnlab {

/// A cell of nn/cells as a rule of a step program: given is what of its state has a direct path,
/// made is its whole state, its own weights are the rule's.
template <class Cell>
struct CellRule {
  static constexpr int count_direct() {
    int n = 0;
    for (const bool direct : Cell::direct) n += direct;
    return n;
  }
  static constexpr int slots = Cell::slots, given = count_direct(), made = Cell::carry;
  static constexpr int saved = Cell::saved, params = Cell::params;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             const std::array<V, params>& p,
                                             std::array<V, made>& s_next,
                                             std::array<V, saved>& keep) {
    forward_of<Cell>(a, state(s), p, s_next, keep);
  }
  template <class V>
  requires(params == 0) [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                                                   const std::array<V, given>& s,
                                                                   std::array<V, made>& s_next,
                                                                   std::array<V, saved>& keep) {
    forward(a, s, {}, s_next, keep);
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& ds_next,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& s_next,
                                              const std::array<V, saved>& keep,
                                              const std::array<V, params>& p,
                                              std::array<V, slots>& da, std::array<V, given>& ds,
                                              std::array<V, params>& dp) {
    std::array<V, made> ds_all;
    backward_of<Cell>(ds_next, state(s), s_next, keep, p, da, ds_all, dp);
    for (int j = 0, k = 0; j < made; ++j) {
      if (Cell::direct[j]) ds[k++] = ds_all[j];
    }
  }
  template <class V>
  requires(params == 0) [[gnu::always_inline]] static void backward(
      const std::array<V, made>& ds_next, const std::array<V, given>& s,
      const std::array<V, made>& s_next, const std::array<V, saved>& keep, std::array<V, slots>& da,
      std::array<V, given>& ds) {
    std::array<V, params> none;
    backward(ds_next, s, s_next, keep, {}, da, ds, none);
  }

  /// ∂L/∂c, of which a part comes through h.
  template <class V>
  requires(Cell::carry >
           1) static void totals(std::array<V, made>& ds_next, const std::array<V, made>& s_next,
                                 const std::array<V, saved>& keep, const std::array<V, params>& p) {
    ds_next[1] = total_cell_gradient_of<Cell>(ds_next, s_next, keep, p);
  }

 private:
  /// The whole state; what has no direct path is not looked at.
  template <class V>
  [[gnu::always_inline]] static std::array<V, made> state(const std::array<V, given>& s) {
    std::array<V, made> all{};
    for (int j = 0, k = 0; j < made; ++j) {
      if (Cell::direct[j]) all[j] = s[k++];
    }
    return all;
  }
};

/// φ alone: Elman's rule with the activation of that name. Null if there is none.
inline const Rule* activation_rule(const std::string& name) {
  const Rule* found = nullptr;
  for_each_of<ElmanCells>([&]<class Cell>(Cell) {
    if (Cell::activation == name) found = rule<CellRule<Cell>>();
  });
  return found;
}

}  // namespace rnnlab
