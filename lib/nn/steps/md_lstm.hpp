#pragma once

#include <array>

#include "nn/steps/rule.hpp"

namespace rnnlab {

/// The LSTM of two dimensions (Graves, Fernandez, Schmidhuber 2007), without peepholes: a forget
/// gate for the cell on the left, c_1, and one for the cell above, c_2.
///
///   i, f_1, f_2, o = σ(…)   g = tanh(…)   c' = f_1 ∘ c_1 + f_2 ∘ c_2 + i ∘ g   h' = o ∘ tanh(c')
///
/// Slots in the order i, f_1, f_2, g, o; given c_1 and c_2; made h' and c'.
struct MdLstm {
  static constexpr int slots = 5, given = 2, made = 2, saved = 6;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V i = sigmoid(a[0]), left = sigmoid(a[1]), up = sigmoid(a[2]);
    const V g = hyperbolic_tangent(a[3]), o = sigmoid(a[4]);
    const V c = left * s[0] + up * s[1] + i * g;
    const V t = hyperbolic_tangent(c);
    out = {V(o * t), c};
    keep = {i, left, up, g, o, t};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [i, left, up, g, o, t] = keep;
    const V dc = whole(dout, keep);
    da[0] = dc * g * (i - i * i);
    da[1] = dc * s[0] * (left - left * left);
    da[2] = dc * s[1] * (up - up * up);
    da[3] = dc * i * (1.0f - g * g);
    da[4] = dout[0] * t * (o - o * o);
    ds[0] = dc * left;
    ds[1] = dc * up;
  }

  template <class V>
  static void totals(std::array<V, made>& dout, const std::array<V, made>& /*out*/,
                     const std::array<V, saved>& keep) {
    dout[1] = whole(dout, keep);
  }

 private:
  /// ∂L/∂c', of which a part comes through h'.
  template <class V>
  [[gnu::always_inline]] static V whole(const std::array<V, made>& dout,
                                        const std::array<V, saved>& keep) {
    const auto& [i, left, up, g, o, t] = keep;
    return V(dout[1] + dout[0] * o * (1.0f - t * t));
  }
};

}  // namespace rnnlab
