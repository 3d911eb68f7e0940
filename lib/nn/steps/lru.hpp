#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// x' = λ x + γ a of complex x and a, as (re, im), λ = e^{−e^ν + i e^θ} and γ = e^{ln γ} of each
/// unit derived from (ν, θ, ln γ).
struct LruState {
  static constexpr int slots = 2, given = 2, made = 2, saved = 2, params = 3;

  template <class V>
  static void derive(std::array<V, params>& p) {
    using std::cos;
    using std::exp;
    using std::sin;
    const V modulus = exp(V(-exp(p[0]))), phase = exp(p[1]);
    p = {V(modulus * cos(phase)), V(modulus * sin(phase)), exp(p[2])};
  }
  static void derive_back(const std::array<double, params>& p, std::array<double, params>& dp) {
    std::array<double, params> f = p;
    derive(f);
    dp = {-std::exp(p[0]) * (dp[0] * f[0] + dp[1] * f[1]),
          std::exp(p[1]) * (dp[1] * f[0] - dp[0] * f[1]), dp[2] * f[2]};
  }

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             const std::array<V, params>& p,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    out = {V(p[0] * s[0] - p[1] * s[1] + p[2] * a[0]), V(p[0] * s[1] + p[1] * s[0] + p[2] * a[1])};
    keep = a;
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              const std::array<V, params>& p,
                                              std::array<V, slots>& da, std::array<V, given>& ds,
                                              std::array<V, params>& dp) {
    da = {V(p[2] * dout[0]), V(p[2] * dout[1])};
    ds = {V(p[0] * dout[0] + p[1] * dout[1]), V(p[0] * dout[1] - p[1] * dout[0])};
    dp = {V(dout[0] * s[0] + dout[1] * s[1]), V(dout[1] * s[0] - dout[0] * s[1]),
          V(dout[0] * keep[0] + dout[1] * keep[1])};
  }
};

/// The difference of two pre-activations.
struct Difference {
  static constexpr int slots = 2, given = 0, made = 1, saved = 0;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& /*s*/,
                                             std::array<V, made>& out,
                                             std::array<V, saved>& /*keep*/) {
    out[0] = a[0] - a[1];
  }
  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& /*keep*/,
                                              std::array<V, slots>& da,
                                              std::array<V, given>& /*ds*/) {
    da = {dout[0], V(-dout[0])};
  }
};

/// The linear recurrent unit (Orvieto et al.: Resurrecting Recurrent Neural Networks for Long
/// Sequences, 2023), a complex diagonal recurrence of H units and its real read-out of width H:
///
///   x_k = Λ x_{k−1} + γ ∘ (B u_k)      y_k = Re(C x_k) + D u_k
///   Λ = diag(e^{−e^ν + i e^θ}),   ν = nu_log, θ = theta_log, γ = e^{gamma_log}
///
/// so |Λ| < 1 whatever the parameters. Λ starts uniform on the ring r_min ≤ |λ| ≤ r_max, phases in
/// [0, max_phase], γ at √(1 − |λ|²); B, of real and imaginary entries N(0, 1 / 2I), C N(0, 1 / H),
/// D N(0, 1 / I), whatever model.init is. Parameters: nu_log_l0, theta_log_l0, gamma_log_l0 [H],
/// B_re_l0, B_im_l0 [H, I], C_re_l0, C_im_l0 [H, H], D_l0 [H, I]; no biases.
///
/// The state is (Re x, Im x): these are what is traced as h and c. StateTrace has no factors, as
/// there is no recurrent matrix.
struct Lru {
  static constexpr const char* cell = "lru";
  static constexpr const char* summary =
      "x' = Lambda x + gamma B u, y = Re(C x') + D u, Lambda complex, diagonal and stable (linear "
      "recurrent unit, Orvieto et al. 2023)";
  static constexpr bool cell_state = true;
  static constexpr Extras takes = ring_inner | ring_outer | ring_phase;
  using Rules = std::tuple<LruState, Difference>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& o) {
    if (o.r_min >= o.r_max)
      throw Error(Exit::usage, "the ring of eigenvalues has no width", "model.r_min",
                  "give less than model.r_max");
    StepBuilder p(o);
    const int H = o.hidden;
    const auto moduli = [o, H](Key key, std::size_t parameter) {
      std::vector<double> r(static_cast<std::size_t>(H));
      Rng rng(key, parameter);
      for (double& v : r) {
        const double square =
            o.r_min * o.r_min + rng.uniform53() * (o.r_max * o.r_max - o.r_min * o.r_min);
        v = std::sqrt(std::max(square, 1e-12));
      }
      return r;
    };
    const int nu = p.drawn_vector("nu_log", H, [=](Key key, std::size_t parameter, double* to) {
      for (const double r : moduli(key, parameter)) *to++ = std::log(-std::log(r));
    });
    const int theta =
        p.drawn_vector("theta_log", H, [=](Key key, std::size_t parameter, double* to) {
          Rng rng(key, parameter);
          for (int u = 0; u < H; ++u)
            *to++ = std::log(std::max(o.max_phase * rng.uniform53(), 1e-12));
        });
    const int gamma =
        p.drawn_vector("gamma_log", H, [=](Key key, std::size_t parameter, double* to) {
          for (const double r : moduli(key, parameter - 2)) *to++ = std::log(1 - r * r) / 2;
        });
    const int b_re = p.normal_matrix("B_re", H, o.inputs, 2 * o.inputs);
    const int b_im = p.normal_matrix("B_im", H, o.inputs, 2 * o.inputs);
    const int c_re = p.normal_matrix("C_re", H, H, H), c_im = p.normal_matrix("C_im", H, H, H);
    const int d = p.normal_matrix("D", H, o.inputs, o.inputs);
    const int bu_re = p.add_pre("Re B u", H), bu_im = p.add_pre("Im B u", H);
    const int x_re = p.add_signal("Re x", H), x_im = p.add_signal("Im x", H);
    const int y = p.add_signal("y", H);
    const int plus = p.add_pre("Re C Re x + D u", H), minus = p.add_pre("Im C Im x", H);
    p.sum({.target = bu_re, .biases = {}, .products = {{.weight = {b_re}, .from = {p.input}}}});
    p.sum({.target = bu_im, .biases = {}, .products = {{.weight = {b_im}, .from = {p.input}}}});
    p.apply(rule<LruState>(), {{bu_re}, {bu_im}}, {{x_re, 1}, {x_im, 1}}, {x_re, x_im},
            {{nu}, {theta}, {gamma}});
    p.sum({.target = plus,
           .biases = {},
           .products = {{.weight = {c_re}, .from = {x_re}}, {.weight = {d}, .from = {p.input}}}});
    p.sum({.target = minus, .biases = {}, .products = {{.weight = {c_im}, .from = {x_im}}}});
    p.apply(rule<Difference>(), {{plus}, {minus}}, {}, {y});
    p.output = y;
    p.hidden = x_re;
    p.cell = x_im;
    return p;
  }
};

}  // namespace rnnlab
