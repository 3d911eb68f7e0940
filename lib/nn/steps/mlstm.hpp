#pragma once

#include <tuple>

#include "nn/steps/memory_rules.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// The memory-augmented LSTM (MLSTM of Zhao et al.: Do RNN and LSTM have Long Memory?, ICML 2020):
/// an LSTM whose cell fades by a power of the lag, as a fractionally integrated process does, not
/// exponentially. In place of the forget gate stands the filter (1 − L)^d, L the lag, cut off after
/// K = memory_lags steps:
///
///   i, o = σ(a)   g = tanh(a_g)   a_k = W_ih x + b_ih + W_hh h + b_hh
///   d' = ½ σ(W_d x + U_d h + V_d d + b_d)                      MLSTM; MLSTMF: d = ½ σ(p)
///   w_0 = 1,   w_j(d) = w_{j−1}(d) (j − 1 − d) / j = Γ(j − d) / (Γ(−d) Γ(j + 1))
///   c_t = −Σ_{j=1…K} w_j(d_t) ∘ c_{t−j} + i_t ∘ g_t             h_t = o_t ∘ tanh(c_t)
///
/// Every −w_j is positive, about d j^{−d−1} / Γ(1 − d), and they add up to 1 as K → ∞. Parameters
/// of MLSTM: weight_ih_l0 [4H, I], weight_hh_l0 [4H, H], bias_ih_l0, bias_hh_l0 [4H], gates i g o
/// d, of which b_ih's d starts at forget_bias, and weight_dd_l0 [H, H] (V_d). Of MLSTMF: three
/// gates, and memory_l0 [H] (p), which starts at 0 and is there without `bias` too. d starts from
/// 0.
template <bool fixed>
struct MemoryLstm {
  static constexpr bool cell_state = true;
  static constexpr Extras takes = lags;
  using Rules = std::tuple<MemoryParameter, FixedMemoryParameter, MemoryCellOutput>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden, G = fixed ? 3 : 4;
    const int w_ih = p.input_matrix("weight_ih", G, H);
    const int w_hh = p.recurrent_matrix("weight_hh", G, H, H);
    const auto bias = p.two_biases(G, fixed ? -1 : 3);
    const int a = p.add_pre("a", H, 3), d = p.add_signal("d", H);
    const int filtered = p.add_signal("filtered c", H);
    const int h = p.add_signal("h", H), c = p.add_signal("c", H);
    const auto gates = [&](int target, int first_row) {
      return StepProgram::Sum{
          .target = target,
          .biases = p.from_row(bias, first_row),
          .products = {{.weight = {w_ih, first_row}, .from = {p.input}},
                       {.weight = {w_hh, first_row}, .from = {h, 1}, .traced = true}}};
    };
    p.sum(gates(a, 0));
    if constexpr (fixed) {
      p.apply(rule<FixedMemoryParameter>(), {}, {}, {d}, {p.unit_weight({.name = "memory"})});
    } else {
      const int a_d = p.add_pre("a_d", H);
      StepProgram::Sum sum = gates(a_d, 3 * H);
      sum.products.push_back(
          {.weight = {p.recurrent_matrix("weight_dd", 1, H, H)}, .from = {d, 1}});
      p.sum(sum);
      p.apply(rule<MemoryParameter>(), {{a_d}}, {}, {d});
    }
    p.filter({.from = c, .order = d, .made = filtered, .lags = options.memory_lags, .first = 1});
    p.apply(rule<MemoryCellOutput>(), {{a, 0}, {a, 1}, {a, 2}}, {{filtered}}, {h, c});
    p.output = p.hidden = h;
    p.cell = c;
    return p;
  }
};

struct Mlstm : MemoryLstm<false> {
  static constexpr const char* cell = "mlstm";
  static constexpr const char* summary =
      "lstm whose cell fades by the filter (1 - L)^d of K lags, d = sigmoid(W x + U h + V d + b) / "
      "2 (MLSTM of Zhao et al. 2020)";
};
struct MlstmFixed : MemoryLstm<true> {
  static constexpr const char* cell = "mlstmf";
  static constexpr const char* summary =
      "mlstm with a trained constant d per unit (MLSTMF of Zhao et al. 2020)";
};

}  // namespace rnnlab
