#pragma once

#include <array>

#include "nn/cells/activations.hpp"
#include "nn/cells/cell.hpp"

namespace rnnlab {

/// Leaky integrator units (Jaeger et al. 2007; Bengio, Boulanger-Lewandowski, Pascanu 2013): an
/// Elman unit that keeps a share of its state,
///
///   h' = (1 − α) ∘ h + α ∘ φ(a),   a = W_ih x + b_ih + W_hh h + b_hh
///
///   ∂L/∂a = α ∂L/∂h' ∘ φ'(a)   ∂L/∂h = (1 − α) ∂L/∂h' (direct)   ∂L/∂α = (φ(a) − h) ∂L/∂h'
///
/// α is `model.leak`, stored as a parameter that is not trained; 1 is elman.
/// See elman.hpp for the members.
template <class Phi>
struct Leaky {
  static constexpr const char* name = "leaky";
  static constexpr const char* summary =
      "h' = (1 - alpha) h + alpha phi(W_ih x + b_ih + W_hh h + b_hh), alpha = "
      "model.leak (Jaeger et al. 2007)";
  static constexpr const char* activation = Phi::name;
  static constexpr int slots = 1, carry = 1, saved = 1, params = 1;
  static constexpr std::array<UnitWeight, params> weights{
      UnitWeight{.name = "leak", .start = Start::leak, .trained = false}};
  static constexpr int gates = 1;
  static constexpr std::array<int, gates> input_slot{0};
  static constexpr std::array<int, gates> recurrent_slot{0};
  static constexpr int forget_gate = -1, input_gate = -1;
  static constexpr std::array<bool, carry> direct{true};

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& s,
                                             const std::array<V, params>& p,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& keep) {
    keep[0] = Phi::value(a[0]);
    s_next[0] = (1.0f - p[0]) * s[0] + p[0] * keep[0];
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, carry>& ds_next,
                                              const std::array<V, carry>& s,
                                              const std::array<V, carry>& /*s_next*/,
                                              const std::array<V, saved>& keep,
                                              const std::array<V, params>& p,
                                              std::array<V, slots>& da, std::array<V, carry>& ds,
                                              std::array<V, params>& dp) {
    da[0] = p[0] * (ds_next[0] * Phi::slope(keep[0]));
    ds[0] = (1.0f - p[0]) * ds_next[0];
    dp[0] = (keep[0] - s[0]) * ds_next[0];
  }
};

}  // namespace rnnlab
