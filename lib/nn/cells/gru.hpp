#pragma once

#include <array>

#include "math/lanes.hpp"

namespace rnnlab {

/// Gated recurrent unit (Cho et al. 2014) in the reset-after form that PyTorch and cuDNN compute:
///
///   r = σ(W_ir x + b_ir + W_hr h + b_hr)      z = σ(W_iz x + b_iz + W_hz h + b_hz)
///   n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn))
///   h' = (1 − z) ∘ n + z ∘ h                  z is the share retained
///
/// The candidate's input part and recurrent part are two slots, p = W_in x + b_in and
/// q = W_hn h + b_hn. They stand at the two ends, so that what W_ih feeds (p, r, z) and what W_hh
/// feeds (r, z, q) are both consecutive. With δ = ∂L/∂h' and ν = δ (1−z)(1−n²):
///
///   ∂L/∂p = ν   ∂L/∂r̂ = ν q r(1−r)   ∂L/∂ẑ = δ (h−n) z(1−z)   ∂L/∂q = ν r   ∂L/∂h = δ z (direct)
///
/// See elman.hpp for the members.
struct Gru {
  static constexpr const char* name = "gru";
  static constexpr const char* summary =
      "h' = (1 - z) n + z h, n = tanh(W_in x + b_in + r (W_hn h + b_hn)); r, z sigmoid "
      "(Cho et al. 2014)";
  static constexpr const char* activation = "tanh";
  static constexpr int slots = 4, carry = 1, saved = 4, params = 0;
  static constexpr int gates = 3;
  static constexpr std::array<int, gates> input_slot{1, 2, 0};
  static constexpr std::array<int, gates> recurrent_slot{1, 2, 3};
  static constexpr int forget_gate = 1;  // the update gate: it is what retains
  static constexpr int input_gate = -1;
  static constexpr std::array<bool, carry> direct{true};

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& s,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& keep) {
    const V r = sigmoid(a[1]), z = sigmoid(a[2]);
    const V n = hyperbolic_tangent(V(a[0] + r * a[3]));
    s_next[0] = n + z * (s[0] - n);
    keep = {r, z, n, a[3]};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, carry>& ds_next,
                                              const std::array<V, carry>& s,
                                              const std::array<V, carry>& /*s_next*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, carry>& ds) {
    const auto& [r, z, n, q] = keep;
    const V& dh = ds_next[0];
    const V dn = dh * (1.0f - z) * (1.0f - n * n);
    da[0] = dn;
    da[1] = dn * q * (r - r * r);
    da[2] = dh * (s[0] - n) * (z - z * z);
    da[3] = dn * r;
    ds[0] = dh * z;
  }
};

}  // namespace rnnlab
