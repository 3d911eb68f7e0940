#pragma once

#include <array>
#include <tuple>

#include "nn/steps/variant.hpp"

namespace rnnlab {

/// m = r ∘ h, and z, of the gates' pre-activations.
struct GruReset {
  static constexpr int slots = 2, given = 1, made = 2, saved = 1;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V r = sigmoid(a[0]);
    out = {V(r * s[0]), sigmoid(a[1])};
    keep = {r};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& out,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const V &r = keep[0], &z = out[1];
    da[0] = dout[0] * s[0] * (r - r * r);
    da[1] = dout[1] * (z - z * z);
    ds[0] = dout[0] * r;
  }
};

/// h' = (1 − z) ∘ n + z ∘ h, n = tanh(a).
struct GruBlend {
  static constexpr int slots = 1, given = 2, made = 1, saved = 1;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V n = hyperbolic_tangent(a[0]);
    out[0] = n + s[1] * (s[0] - n);
    keep = {n};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const V& n = keep[0];
    da[0] = dout[0] * (1.0f - s[1]) * (1.0f - n * n);
    ds[0] = dout[0] * s[1];
    ds[1] = dout[0] * (s[0] - n);
  }
};

/// The gated recurrent unit as first published (Cho et al. 2014): reset before the product,
///
///   r = σ(W_ir x + b_ir + W_hr h + b_hr)      z = σ(W_iz x + b_iz + W_hz h + b_hz)
///   n = tanh(W_in x + b_in + W_hn (r ∘ h) + b_hn)
///   h' = (1 − z) ∘ n + z ∘ h
///
/// with the parameters of `gru`. StateTrace's factors are those of W_hr and W_hz: W_hn has another
/// right-hand side.
struct GruOriginal {
  static constexpr const char* cell = "gru-original";
  static constexpr const char* summary =
      "h' = (1 - z) n + z h, n = tanh(W_in x + b_in + W_hn (r h) + b_hn); r, z sigmoid (Cho et al. "
      "2014, as first published)";
  static constexpr bool cell_state = false;
  static constexpr Extras takes = 0;
  using Rules = std::tuple<GruReset, GruBlend>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const int w_ih = p.input_matrix("weight_ih", 3, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 3, H, H);
    const auto bias = p.two_biases(3, 1);
    const int gates = p.add_pre("gates", H, 2), candidate = p.add_pre("candidate", H);
    const int m = p.add_signal("reset h", H), z = p.add_signal("z", H), h = p.add_signal("h", H);
    p.sum({.target = gates,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.apply(rule<GruReset>(), {{gates, 0}, {gates, 1}}, {{h, 1}}, {m, z});
    p.sum({.target = candidate,
           .biases = p.from_row(bias, 2 * H),
           .products = {{.weight = {w_ih, 2 * H}, .from = {p.input}},
                        {.weight = {w_hh, 2 * H}, .from = {m}}}});
    p.apply(rule<GruBlend>(), {{candidate}}, {{h, 1}, {z}}, {h});
    p.output = p.hidden = h;
    return p;
  }
};

}  // namespace rnnlab
