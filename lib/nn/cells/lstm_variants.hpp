#pragma once

#include <array>

#include "math/lanes.hpp"
#include "nn/cells/cell.hpp"

namespace rnnlab {

/// What an LstmVariant has of the whole.
struct LstmParts {
  bool peepholes = true;
  bool input_gate = true, forget_gate = true, output_gate = true;  // else 1
  bool coupled = false;  // i = 1 − f, without a gate of its own
  bool input_squash = true, output_squash = true;
};

/// The LSTM with diagonal peepholes (Gers and Schmidhuber 2000) and what is left of it when a part
/// is taken away (Greff et al. 2017: CIFG, NIG, NFG, NOG, NIAF, NOAF). Whole, with a_k = W_ih x +
/// b_ih + W_hh h + b_hh:
///
///   i = σ(a_i + p_ci ∘ c)   f = σ(a_f + p_cf ∘ c)   g = tanh(a_g)
///   c' = f ∘ c + i ∘ g      o = σ(a_o + p_co ∘ c')  h' = o ∘ tanh(c')
///
/// A gate that is absent is 1, or 1 − f for a coupled i; without their squashers g = a_g and
/// h' = o ∘ c'. Row blocks of W are the gates that there are, in the order i f g o. With
/// δ = ∂L/∂h' and γ = ∂L/∂c' + δ ∘ o ∘ (1 − tanh²c') + p_co ∘ ∂L/∂a_o, the whole derivative by c':
///
///   ∂L/∂a_i = γ g i(1−i)   ∂L/∂a_f = γ c f(1−f), coupled γ (c − g) f(1−f)   ∂L/∂a_g = γ i (1−g²)
///   ∂L/∂a_o = δ tanh(c') o(1−o)   ∂L/∂c = γ f + p_ci ∂L/∂a_i + p_cf ∂L/∂a_f
///   ∂L/∂p_ci = c ∂L/∂a_i   ∂L/∂p_cf = c ∂L/∂a_f   ∂L/∂p_co = c' ∂L/∂a_o
///
/// The state is (h, c). See elman.hpp for the members.
template <LstmParts parts>
struct LstmVariant {
 private:
  // Slots of the pre-activations, in the order of the gates.
  static constexpr int own_i = parts.input_gate && !parts.coupled;
  static constexpr int a_i = 0, a_f = own_i, a_g = a_f + parts.forget_gate, a_o = a_g + 1;
  // Places in `keep`: the activations in the same order, then tanh(c').
  static constexpr int k_t = a_o + parts.output_gate;
  // Places among the peepholes, in the order i f o.
  static constexpr int p_f = own_i, p_o = p_f + parts.forget_gate;

  static constexpr auto peepholes() {
    std::array<UnitWeight, parts.peepholes ? p_o + parts.output_gate : 0> list{};
    if constexpr (parts.peepholes) {
      if (own_i) list[0] = {.name = "weight_ci"};
      if (parts.forget_gate) list[p_f] = {.name = "weight_cf"};
      if (parts.output_gate) list[p_o] = {.name = "weight_co"};
    }
    return list;
  }
  template <int gates>
  static constexpr std::array<int, gates> in_order() {
    std::array<int, gates> list{};
    for (int i = 0; i < gates; ++i) list[i] = i;
    return list;
  }

 public:
  static constexpr const char* activation = "tanh";
  static constexpr auto weights = peepholes();
  static constexpr int params = static_cast<int>(weights.size());
  static constexpr int gates = k_t, slots = gates, carry = 2;
  static constexpr int saved = gates + parts.output_squash;
  static constexpr std::array<int, gates> input_slot = in_order<gates>();
  static constexpr std::array<int, gates> recurrent_slot = in_order<gates>();
  static constexpr int forget_gate = parts.forget_gate ? a_f : -1;
  static constexpr int input_gate = own_i ? a_i : -1;
  static constexpr std::array<bool, carry> direct{false, true};

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, carry>& s,
                                             const std::array<V, params>& p,
                                             std::array<V, carry>& s_next,
                                             std::array<V, saved>& keep) {
    if constexpr (own_i) keep[a_i] = sigmoid(peeped<0>(a[a_i], p, s[1]));
    if constexpr (parts.forget_gate) keep[a_f] = sigmoid(peeped<p_f>(a[a_f], p, s[1]));
    keep[a_g] = parts.input_squash ? hyperbolic_tangent(a[a_g]) : a[a_g];
    V c = written(keep, keep[a_g]);
    if constexpr (parts.forget_gate) {
      c += keep[a_f] * s[1];
    } else {
      c += s[1];
    }
    s_next[1] = c;
    s_next[0] = c;
    if constexpr (parts.output_squash) s_next[0] = keep[k_t] = hyperbolic_tangent(c);
    if constexpr (parts.output_gate) {
      keep[a_o] = sigmoid(peeped<p_o>(a[a_o], p, c));
      s_next[0] *= keep[a_o];
    }
  }
  template <class V>
  requires(params == 0) [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                                                   const std::array<V, carry>& s,
                                                                   std::array<V, carry>& s_next,
                                                                   std::array<V, saved>& keep) {
    forward(a, s, {}, s_next, keep);
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, carry>& ds_next,
                                              const std::array<V, carry>& s,
                                              const std::array<V, carry>& s_next,
                                              const std::array<V, saved>& keep,
                                              const std::array<V, params>& p,
                                              std::array<V, slots>& da, std::array<V, carry>& ds,
                                              std::array<V, params>& dp) {
    if constexpr (parts.output_gate) {
      da[a_o] = through_output(ds_next, s_next, keep);
      if constexpr (parts.peepholes) dp[p_o] = da[a_o] * s_next[1];
    }
    const V& g = keep[a_g];
    const V dc = total_cell_gradient(ds_next, s_next, keep, p);
    da[a_g] = written(keep, dc);
    if constexpr (parts.input_squash) da[a_g] *= 1.0f - g * g;
    ds[1] = dc;
    if constexpr (parts.forget_gate) {
      const V& f = keep[a_f];
      const V df = parts.coupled ? V(s[1] - g) : s[1];
      da[a_f] = dc * df * (f - f * f);
      ds[1] = dc * f;
      if constexpr (parts.peepholes) {
        ds[1] += da[a_f] * p[p_f];
        dp[p_f] = da[a_f] * s[1];
      }
    }
    if constexpr (own_i) {
      const V& i = keep[a_i];
      da[a_i] = dc * g * (i - i * i);
      if constexpr (parts.peepholes) {
        ds[1] += da[a_i] * p[0];
        dp[0] = da[a_i] * s[1];
      }
    }
  }
  template <class V>
  requires(params == 0) [[gnu::always_inline]] static void backward(
      const std::array<V, carry>& ds_next, const std::array<V, carry>& s,
      const std::array<V, carry>& s_next, const std::array<V, saved>& keep,
      std::array<V, slots>& da, std::array<V, carry>& ds) {
    std::array<V, params> none;
    backward(ds_next, s, s_next, keep, none, da, ds, none);
  }

  /// γ: the whole ∂L/∂c', including the paths through h'.
  template <class V>
  [[gnu::always_inline]] static V total_cell_gradient(const std::array<V, carry>& ds_next,
                                                      const std::array<V, carry>& s_next,
                                                      const std::array<V, saved>& keep,
                                                      const std::array<V, params>& p) {
    V dc = ds_next[0];
    if constexpr (parts.output_gate) dc *= keep[a_o];
    if constexpr (parts.output_squash) dc *= 1.0f - keep[k_t] * keep[k_t];
    dc += ds_next[1];
    if constexpr (parts.output_gate && parts.peepholes) {
      dc += through_output(ds_next, s_next, keep) * p[p_o];
    }
    return dc;
  }
  template <class V>
  requires(params == 0) [[gnu::always_inline]] static V
      total_cell_gradient(const std::array<V, carry>& ds_next, const std::array<V, saved>& keep) {
    return total_cell_gradient(ds_next, {}, keep, {});
  }

 private:
  /// a + p ∘ c, where there are peepholes.
  template <int place, class V>
  [[gnu::always_inline]] static V peeped(const V& a, const std::array<V, params>& p, const V& c) {
    if constexpr (parts.peepholes) {
      return V(a + p[place] * c);
    } else {
      return a;
    }
  }

  /// i ∘ v
  template <class V>
  [[gnu::always_inline]] static V written(const std::array<V, saved>& keep, const V& v) {
    if constexpr (own_i) {
      return V(keep[a_i] * v);
    } else if constexpr (parts.coupled) {
      return V((1.0f - keep[a_f]) * v);
    } else {
      return v;
    }
  }

  /// ∂L/∂a_o
  template <class V>
  [[gnu::always_inline]] static V through_output(const std::array<V, carry>& ds_next,
                                                 const std::array<V, carry>& s_next,
                                                 const std::array<V, saved>& keep) {
    const V& o = keep[a_o];
    if constexpr (parts.output_squash) {
      return V(ds_next[0] * keep[k_t] * (o - o * o));
    } else {
      return V(ds_next[0] * s_next[1] * (o - o * o));
    }
  }
};

struct LstmPeephole : LstmVariant<LstmParts{}> {
  static constexpr const char* name = "lstm-peephole";
  static constexpr const char* summary =
      "lstm whose gates see the cell: i, f = sigmoid(a + w_c c), o = sigmoid(a + w_co "
      "c') (Gers and Schmidhuber 2000)";
};
struct LstmCoupled : LstmVariant<LstmParts{.peepholes = false, .coupled = true}> {
  static constexpr const char* name = "lstm-coupled";
  static constexpr const char* summary = "lstm with i = 1 - f: three gates (Greff et al. 2017)";
};
struct LstmPeepholeCoupled : LstmVariant<LstmParts{.coupled = true}> {
  static constexpr const char* name = "lstm-peephole-coupled";
  static constexpr const char* summary = "lstm-peephole with i = 1 - f (CIFG of Greff et al. 2017)";
};
struct LstmNoInputGate : LstmVariant<LstmParts{.input_gate = false}> {
  static constexpr const char* name = "lstm-no-input-gate";
  static constexpr const char* summary = "lstm-peephole with i = 1 (NIG of Greff et al. 2017)";
};
struct LstmNoForgetGate : LstmVariant<LstmParts{.forget_gate = false}> {
  static constexpr const char* name = "lstm-no-forget-gate";
  static constexpr const char* summary = "lstm-peephole with f = 1 (NFG of Greff et al. 2017)";
};
struct LstmNoOutputGate : LstmVariant<LstmParts{.output_gate = false}> {
  static constexpr const char* name = "lstm-no-output-gate";
  static constexpr const char* summary = "lstm-peephole with o = 1 (NOG of Greff et al. 2017)";
};
struct LstmNoInputActivation : LstmVariant<LstmParts{.input_squash = false}> {
  static constexpr const char* name = "lstm-no-input-activation";
  static constexpr const char* summary = "lstm-peephole with g = a (NIAF of Greff et al. 2017)";
};
struct LstmNoOutputActivation : LstmVariant<LstmParts{.output_squash = false}> {
  static constexpr const char* name = "lstm-no-output-activation";
  static constexpr const char* summary = "lstm-peephole with h' = o c' (NOAF of Greff et al. 2017)";
};

}  // namespace rnnlab
