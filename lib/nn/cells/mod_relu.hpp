#pragma once

#include <array>

#include "math/lanes.hpp"
#include "nn/cells/cell.hpp"

namespace rnnlab {

/// A vanilla unit whose magnitude alone is rectified (modReLU: Arjovsky, Shah, Bengio 2016; its
/// real form: Helfrich, Willmott, Ye 2018), with a threshold of its own:
///
///   h' = sign(a) max(|a| + b, 0),   a = W_ih x + b_ih + W_hh h + b_hh
///
///   ∂L/∂a = ∂L/∂h' where h' ≠ 0, else 0     ∂L/∂b = sign(h') ∂L/∂h'
///
/// b starts at 0. See elman.hpp for the members.
struct ElmanModRelu {
  static constexpr const char* name = "elman";
  static constexpr const char* summary = "";  // listed with the other activations
  static constexpr const char* activation = "modrelu";
  static constexpr int slots = 1, carry = 1, saved = 0, params = 1;
  static constexpr std::array<UnitWeight, params> weights{UnitWeight{.name = "modrelu_bias"}};
  static constexpr int gates = 1;
  static constexpr std::array<int, gates> input_slot{0};
  static constexpr std::array<int, gates> recurrent_slot{0};
  static constexpr int forget_gate = -1, input_gate = -1;
  static constexpr std::array<bool, carry> direct{false};

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& /*s*/,
                                             const std::array<V, params>& p,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& /*keep*/) {
    const V magnitude = rectify(a[0]) + rectify(V(-a[0]));
    s_next[0] = sign(a[0]) * rectify(V(magnitude + p[0]));
  }

  template <class V>
  [[gnu::always_inline]] static void backward(
      const std::array<V, carry>& ds_next, const std::array<V, carry>& /*s*/,
      const std::array<V, carry>& s_next, const std::array<V, saved>& /*keep*/,
      const std::array<V, params>& /*p*/, std::array<V, slots>& da, std::array<V, carry>& /*ds*/,
      std::array<V, params>& dp) {
    dp[0] = sign(s_next[0]) * ds_next[0];
    da[0] = sign(s_next[0]) * dp[0];
  }

 private:
  template <class V>
  [[gnu::always_inline]] static V sign(const V& a) {
    return V(step(a) - step(V(-a)));
  }
};

}  // namespace rnnlab
