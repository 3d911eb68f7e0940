#pragma once

#include <algorithm>
#include <array>
#include <tuple>

#include "nn/steps/variant.hpp"

namespace rnnlab {

/// h' = (1 − z) ∘ h + z ∘ n of the pre-activations of z = σ(a_z) and n = a_n.
struct MinGruBlend {
  static constexpr int slots = 2, given = 1, made = 1, saved = 2;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V z = sigmoid(a[0]);
    out[0] = s[0] + z * (a[1] - s[0]);
    keep = {z, a[1]};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [z, n] = keep;
    da[0] = dout[0] * (n - s[0]) * (z - z * z);
    da[1] = dout[0] * z;
    ds[0] = dout[0] * (1.0f - z);
  }
};

/// minGRU (Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: Were RNNs All We Needed?, 2024), in which
/// neither the gate nor the candidate sees the state:
///
///   z = σ(W_z x + b_z)   h̃ = W_h x + b_h   h' = (1 − z) ∘ h + z ∘ h̃
///
/// z is the share replaced. Parameters: weight_ih_l0 [2H, I] and bias_ih_l0 [2H], gates z h̃;
/// b_z starts at −forget_bias. There is no recurrent matrix, and StateTrace has no factors of one.
struct MinGru {
  static constexpr const char* cell = "mingru";
  static constexpr const char* summary =
      "h' = (1 - z) h + z (W_h x + b), z = sigmoid(W_z x + b): no recurrent matrix (Feng et al. "
      "2024)";
  static constexpr bool cell_state = false;
  static constexpr Extras takes = 0;
  using Rules = std::tuple<MinGruBlend>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const int w_ih = p.input_matrix("weight_ih", 2, H);
    const auto bias = p.bias("bias_ih", 2 * H);
    if (!bias.empty()) std::fill_n(p.parameters.back().start.begin(), H, -options.forget_bias);
    const int a = p.add_pre("a", H, 2), h = p.add_signal("h", H);
    p.sum({.target = a, .biases = bias, .products = {{.weight = {w_ih}, .from = {p.input}}}});
    p.apply(rule<MinGruBlend>(), {{a, 0}, {a, 1}}, {{h, 1}}, {h});
    p.output = p.hidden = h;
    return p;
  }
};

}  // namespace rnnlab
