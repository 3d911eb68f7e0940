#pragma once

#include <array>
#include <cmath>

#include "nn/steps/rule.hpp"

namespace rnnlab {

// The rules of the memory-augmented cells (mrnn.hpp, mlstm.hpp).

/// d = ½ σ(a): the memory parameter, in (0, ½).
struct MemoryParameter {
  static constexpr int slots = 1, given = 0, made = 1, saved = 0;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& /*s*/,
                                             std::array<V, made>& out,
                                             std::array<V, saved>& /*keep*/) {
    out[0] = 0.5f * sigmoid(a[0]);
  }
  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& out,
                                              const std::array<V, saved>& /*keep*/,
                                              std::array<V, slots>& da,
                                              std::array<V, given>& /*ds*/) {
    da[0] = dout[0] * (out[0] - 2.0f * out[0] * out[0]);
  }
};

/// d = ½ σ(p) of a weight of the unit's own.
struct FixedMemoryParameter {
  static constexpr int slots = 0, given = 0, made = 1, saved = 0, params = 1;

  template <class V>
  static void derive(std::array<V, params>& p) {
    p[0] = 0.5f * sigmoid(p[0]);
  }
  static void derive_back(const std::array<double, params>& p, std::array<double, params>& dp) {
    std::array<double, params> d = p;
    derive(d);
    dp[0] *= d[0] - 2 * d[0] * d[0];
  }

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& /*a*/,
                                             const std::array<V, given>& /*s*/,
                                             const std::array<V, params>& p,
                                             std::array<V, made>& out,
                                             std::array<V, saved>& /*keep*/) {
    out[0] = p[0];
  }
  template <class V>
  [[gnu::always_inline]] static void backward(
      const std::array<V, made>& dout, const std::array<V, given>& /*s*/,
      const std::array<V, made>& /*out*/, const std::array<V, saved>& /*keep*/,
      const std::array<V, params>& /*p*/, std::array<V, slots>& /*da*/,
      std::array<V, given>& /*ds*/, std::array<V, params>& dp) {
    dp[0] = dout[0];
  }
};

/// (h', c') of the filtered memory F and the pre-activations of i, g, o:
/// c' = i ∘ g − F, h' = o ∘ tanh(c').
struct MemoryCellOutput {
  static constexpr int slots = 3, given = 1, made = 2, saved = 4;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V i = sigmoid(a[0]), g = hyperbolic_tangent(a[1]), o = sigmoid(a[2]);
    const V c = i * g - s[0], t = hyperbolic_tangent(c);
    out = {V(o * t), c};
    keep = {i, g, o, t};
  }
  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& out,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [i, g, o, t] = keep;
    std::array<V, made> d = dout;
    totals(d, out, keep);
    da[0] = d[1] * g * (i - i * i);
    da[1] = d[1] * i * (1.0f - g * g);
    da[2] = dout[0] * t * (o - o * o);
    ds[0] = -d[1];
  }
  /// ∂L/∂c', of which a part comes through h'.
  template <class V>
  [[gnu::always_inline]] static void totals(std::array<V, made>& dout,
                                            const std::array<V, made>& /*out*/,
                                            const std::array<V, saved>& keep) {
    const auto& [i, g, o, t] = keep;
    dout[1] += dout[0] * o * (1.0f - t * t);
  }
};

}  // namespace rnnlab
