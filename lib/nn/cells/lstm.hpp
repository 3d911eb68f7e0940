#pragma once

#include <array>

#include "math/lanes.hpp"

namespace rnnlab {

/// Long short-term memory (Hochreiter and Schmidhuber 1997; with the forget gate of Gers,
/// Schmidhuber and Cummins 2000), in PyTorch's order of gates. With a_k = W_ih x + b_ih + W_hh h +
/// b_hh:
///
///   i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
///   c' = f ∘ c + i ∘ g        h' = o ∘ tanh(c')
///
/// Backward, with δ = ∂L/∂h' and γ = ∂L/∂c' + δ ∘ o ∘ (1 − tanh²c'), the whole derivative by c':
///
///   ∂L/∂a_i = γ g i(1−i)   ∂L/∂a_f = γ c f(1−f)   ∂L/∂a_g = γ i (1−g²)
///   ∂L/∂a_o = δ tanh(c') o(1−o)                    ∂L/∂c = γ f
///
/// The state is (h, c). See elman.hpp for the members.
struct Lstm {
  static constexpr const char* name = "lstm";
  static constexpr const char* summary =
      "c' = f c + i g, h' = o tanh(c'); i, f, o sigmoid, g tanh (Hochreiter and "
      "Schmidhuber 1997; Gers et al. 2000)";
  static constexpr const char* activation = "tanh";
  static constexpr int slots = 4, carry = 2, saved = 5, params = 0;
  static constexpr int gates = 4;
  static constexpr std::array<int, gates> input_slot{0, 1, 2, 3};
  static constexpr std::array<int, gates> recurrent_slot{0, 1, 2, 3};
  static constexpr int forget_gate = 1, input_gate = 0;
  static constexpr std::array<bool, carry> direct{false, true};

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& s,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& keep) {
    const V i = sigmoid(a[0]), f = sigmoid(a[1]), g = hyperbolic_tangent(a[2]), o = sigmoid(a[3]);
    const V c = f * s[1] + i * g;
    const V t = hyperbolic_tangent(c);
    s_next = {V(o * t), c};
    keep = {i, f, g, o, t};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, carry>& ds_next,
                                              const std::array<V, carry>& s,
                                              const std::array<V, carry>& /*s_next*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, carry>& ds) {
    const auto& [i, f, g, o, t] = keep;
    const V dc = total_cell_gradient(ds_next, keep);
    da[0] = dc * g * (i - i * i);
    da[1] = dc * s[1] * (f - f * f);
    da[2] = dc * i * (1.0f - g * g);
    da[3] = ds_next[0] * t * (o - o * o);
    ds[1] = dc * f;
  }

  /// γ: the whole ∂L/∂c', including the path through h'.
  template <class V>
  [[gnu::always_inline]] static V total_cell_gradient(const std::array<V, carry>& ds_next,
                                                      const std::array<V, saved>& keep) {
    const auto& [i, f, g, o, t] = keep;
    return V(ds_next[1] + ds_next[0] * o * (1.0f - t * t));
  }
};

}  // namespace rnnlab
