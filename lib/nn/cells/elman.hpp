#pragma once

#include <array>

#include "nn/cells/activations.hpp"

namespace rnnlab {

/// The vanilla recurrent unit (Elman: Finding Structure in Time, 1990) with activation φ:
///
///   h' = φ(a),   a = W_ih x + b_ih + W_hh h + b_hh
///
///   ∂L/∂a = ∂L/∂h' ∘ φ'(a)
///
/// As every cell: the pointwise rule of one unit between two matrix products, on a value type V
/// that is a lane group in production, `double` or a dual number in tests. Slots are the unit's
/// pre-activations, `s` its state (h first), `saved` what the backward rule keeps besides the
/// state. `summary` is its line in the list. `params`: how many weights of its own a unit has, such
/// as peepholes; see cell.hpp.
template <class Phi>
struct Elman {
  static constexpr const char* name = "elman";
  static constexpr const char* summary =
      "h' = phi(W_ih x + b_ih + W_hh h + b_hh), phi = model.activation (Elman 1990)";
  static constexpr const char* activation = Phi::name;
  static constexpr int slots = 1, carry = 1, saved = 0, params = 0;
  static constexpr int gates = 1;                             // row blocks of W_ih and W_hh
  static constexpr std::array<int, gates> input_slot{0};      // slot of each block of W_ih x + b_ih
  static constexpr std::array<int, gates> recurrent_slot{0};  // slot of each block of W_hh h + b_hh
  static constexpr int forget_gate = -1;  // block that model.forget_bias and .chrono go to
  static constexpr int input_gate = -1;   // block that model.chrono goes to, negative
  static constexpr std::array<bool, carry> direct{false};  // ∂s'/∂s other than through W_hh?

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& /*s*/,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& /*keep*/) {
    s_next[0] = Phi::value(a[0]);
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, carry>& ds_next,
                                              const std::array<V, carry>& /*s*/,
                                              const std::array<V, carry>& s_next,
                                              const std::array<V, saved>& /*keep*/,
                                              std::array<V, slots>& da,
                                              std::array<V, carry>& /*ds*/) {
    da[0] = ds_next[0] * Phi::slope(s_next[0]);
  }
};

}  // namespace rnnlab
