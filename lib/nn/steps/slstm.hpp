#pragma once

#include <array>
#include <cmath>
#include <tuple>

#include "nn/steps/variant.hpp"

namespace rnnlab {

/// (h', c', n', m') of (c, n, m) and the pre-activations of i, f, g, o: see Slstm.
template <bool exponential_forget>
struct SlstmMemory {
  static constexpr int slots = 4, given = 3, made = 4, saved = 9;
  static constexpr float most = 40;  // of ln f″, against overflow where there is no n to bound it

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    using std::exp;
    const V ln_f = exponential_forget ? a[1] : log_sigmoid(a[1]);
    const V by_f = exponential_forget ? V(1.0f + 0.0f * a[1]) : sigmoid(V(-a[1]));
    const V kept = ln_f + s[2], above = kept - a[0];
    const V started = step(s[1]);
    const V m = a[0] + started * rectify(above);
    const V room = most - (kept - m);
    const V i = exp(V(a[0] - m)), f = exp(V(most - rectify(room)));
    const V g = hyperbolic_tangent(a[2]), o = sigmoid(a[3]);
    const V c = f * s[0] + i * g, n = f * s[1] + i;
    out = {V(o * (c / n)), c, n, m};
    keep = {i, f, V(f * step(room)), g, o, by_f, V(started * step(above)), V(c / n), n};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& s,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [i, f, f_slope, g, o, by_f, from_f, ratio, n] = keep;
    const V dratio = dout[0] * o / n;  // n' itself is cleared past an end
    const V dc = dout[1] + dratio, dn = dout[2] - dratio * ratio;
    const V dkept_f = (dc * s[0] + dn * s[1]) * f_slope, di = (dc * g + dn) * i;
    const V dm = dout[3] - dkept_f - di;
    const V dkept = dkept_f + dm * from_f;
    da[0] = di + dm * (1.0f - from_f);
    da[1] = dkept * by_f;
    da[2] = dc * i * (1.0f - g * g);
    da[3] = dout[0] * ratio * (o - o * o);
    ds[0] = dc * f;
    ds[1] = dn * f;
    ds[2] = dkept;
  }

  /// ∂L/∂c', of which a part comes through h'.
  template <class V>
  static void totals(std::array<V, made>& dout, const std::array<V, made>& /*out*/,
                     const std::array<V, saved>& keep) {
    dout[1] += dout[0] * keep[4] / keep[8];
  }

 private:
  /// ln σ(a) = min(a, 0) − ln(1 + e^−|a|)
  template <class V>
  [[gnu::always_inline]] static V log_sigmoid(const V& a) {
    using std::exp;
    using std::log;
    const V below = rectify(V(-a));
    return V(-below - log(V(1.0f + exp(V(-below - rectify(a))))));
  }
};

/// sLSTM (Beck et al.: xLSTM, 2024) of one head: an LSTM whose input gate is exponential, with a
/// normaliser n and a stabiliser m. With a_k = W_ih x + b_ih + W_hh h + b_hh:
///
///   i = e^{a_i}   f = σ(a_f) or e^{a_f}   g = tanh(a_g)   o = σ(a_o)
///   c' = f ∘ c + i ∘ g      n' = f ∘ n + i      h' = o ∘ c' / n'
///
/// of which c and n are held divided by e^m, so that nothing overflows:
///
///   m' = max(ln f + m, a_i)   i″ = e^{a_i − m'}   f″ = e^{ln f + m − m'}
///
/// and i″, f″ take the place of i, f: h' is the same. Where n = 0, at the start, m' = a_i. The
/// derivative is that of these equations, m' included. Parameters are those of `lstm`, gates i f g
/// o; the state is (h, c, n, m), of which n and m start at 0, and what is traced as c is c as held.
template <bool exponential_forget>
struct SlstmOf {
  static constexpr bool cell_state = true;
  static constexpr Extras takes = 0;
  using Memory = SlstmMemory<exponential_forget>;
  using Rules = std::tuple<Memory>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const int w_ih = p.input_matrix("weight_ih", 4, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 4, H, H);
    const auto bias = p.two_biases(4, 1);
    const int a = p.add_pre("a", H, 4);
    const int h = p.add_signal("h", H), c = p.add_signal("c", H);
    const int n = p.add_signal("n", H), m = p.add_signal("m", H);
    p.sum({.target = a,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.apply(rule<Memory>(), {{a, 0}, {a, 1}, {a, 2}, {a, 3}}, {{c, 1}, {n, 1}, {m, 1}},
            {h, c, n, m});
    p.output = p.hidden = h;
    p.cell = c;
    return p;
  }
};

struct Slstm : SlstmOf<false> {
  static constexpr const char* cell = "slstm";
  static constexpr const char* summary =
      "lstm with i = exp(a): c' = f c + i g, n' = f n + i, h' = o c' / n', stabilised (sLSTM of "
      "Beck et al. 2024, one head)";
};
struct SlstmExpForget : SlstmOf<true> {
  static constexpr const char* cell = "slstm-exp-forget";
  static constexpr const char* summary = "slstm with f = exp(a) too (Beck et al. 2024)";
};

}  // namespace rnnlab
