#pragma once

#include <array>

#include "nn/steps/rule.hpp"

namespace rnnlab {

// The halves of an LSTM's rule, for the variants that put something between them.

/// c' = f ∘ c + i ∘ g of the pre-activations of i, f, g.
struct LstmMemory {
  static constexpr int slots = 3, given = 1, made = 1, saved = 3;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V i = sigmoid(a[0]), f = sigmoid(a[1]), g = hyperbolic_tangent(a[2]);
    out[0] = f * s[0] + i * g;
    keep = {i, f, g};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [i, f, g] = keep;
    da[0] = dout[0] * g * (i - i * i);
    da[1] = dout[0] * s[0] * (f - f * f);
    da[2] = dout[0] * i * (1.0f - g * g);
    ds[0] = dout[0] * f;
  }
};

/// h' = σ(a) ∘ tanh(c').
struct LstmOutput {
  static constexpr int slots = 1, given = 1, made = 1, saved = 2;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V o = sigmoid(a[0]), t = hyperbolic_tangent(s[0]);
    out[0] = o * t;
    keep = {o, t};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [o, t] = keep;
    da[0] = dout[0] * t * (o - o * o);
    ds[0] = dout[0] * o * (1.0f - t * t);
  }
};

/// The same of a c' that something was done to: it comes as a pre-activation too.
struct LstmOutputOfSlot {
  static constexpr int slots = 2, given = 0, made = 1, saved = 2;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& /*s*/,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    LstmOutput::forward<V>({a[0]}, {a[1]}, out, keep);
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& out,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da,
                                              std::array<V, given>& /*ds*/) {
    std::array<V, 1> by_gate, by_cell;
    LstmOutput::backward<V>(dout, {keep[1]}, out, keep, by_gate, by_cell);
    da = {by_gate[0], by_cell[0]};
  }
};

}  // namespace rnnlab
