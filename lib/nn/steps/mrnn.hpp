#pragma once

#include <tuple>

#include "nn/steps/cell_rule.hpp"
#include "nn/steps/memory_rules.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// The memory-augmented RNN (MRNN of Zhao et al.: Do RNN and LSTM have Long Memory?, ICML 2020): a
/// vanilla layer h beside a memory m, which sees the input through the filter (1 − L)^d of K =
/// memory_lags lags, of which each entry of the input has a d:
///
///   d_t = ½ σ(W_xd x_t + W_hd h_{t−1} + W_md m_{t−1} + W_dd d_{t−1} + b_d)    MRNNF: d = ½ σ(p)
///   w_0 = 1,   w_j(d) = w_{j−1}(d) (j − 1 − d) / j = Γ(j − d) / (Γ(−d) Γ(j + 1))
///   F_t = Σ_{j=1…K} w_j(d_t) ∘ x_{t+1−j}
///   m_t = φ(W_fm F_t + W_mm m_{t−1} + b_m)       h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
///
/// with φ = model.activation, tanh as published. The layer's output is [h; m], of width 2H: a dense
/// layer on it is the paper's z = W_hz h + W_mz m + b. Parameters: weight_ih_l0 [H, I],
/// weight_hh_l0 [H, H], bias_ih_l0, bias_hh_l0 [H], weight_fm_l0 [H, I], weight_mm_l0 [H, H],
/// bias_m_l0 [H]; of MRNN weight_xd_l0 [I, I], weight_hd_l0, weight_md_l0 [I, H], weight_dd_l0 [I,
/// I], bias_d_l0 [I]; of MRNNF memory_l0 [I] (p), which starts at 0 and is there without `bias`
/// too. d and the inputs before the first step are 0; m is what is traced as c, and h0 sets its
/// start as c0.
template <bool fixed>
struct MemoryRnn {
  static constexpr bool cell_state = true;
  static constexpr Extras takes = lags;
  using Rules = std::tuple<MemoryParameter, FixedMemoryParameter>;

  static bool serves(const RecurrentOptions& o) { return activation_rule(o.activation); }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden, I = options.inputs;
    const Rule* phi = activation_rule(options.activation);
    const int w_ih = p.input_matrix("weight_ih", 1, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 1, H, H);
    const auto bias = p.two_biases(1, -1);
    const int w_fm = p.input_matrix("weight_fm", 1, H);
    const int w_mm = p.recurrent_matrix("weight_mm", 1, H, H);
    const auto bias_m = p.bias("bias_m", H);
    const int x = p.add_signal("x", I), d = p.add_signal("d", I), f = p.add_signal("F", I);
    const int a_h = p.add_pre("a_h", H), h = p.add_signal("h", H);
    const int a_m = p.add_pre("a_m", H), m = p.add_signal("m", H);
    const int y = p.add_signal("[h; m]", 2 * H);

    p.take_input(x);
    if constexpr (fixed) {
      p.apply(rule<FixedMemoryParameter>(), {}, {}, {d}, {p.unit_weight({.name = "memory"}, I)});
    } else {
      const int a_d = p.add_pre("a_d", I);
      const int w_xd = p.input_matrix("weight_xd", 1, I);
      const int w_hd = p.recurrent_matrix("weight_hd", 1, I, H);
      const int w_md = p.recurrent_matrix("weight_md", 1, I, H);
      const int w_dd = p.recurrent_matrix("weight_dd", 1, I, I);
      p.sum({.target = a_d,
             .biases = p.bias("bias_d", I),
             .products = {{.weight = {w_xd}, .from = {p.input}},
                          {.weight = {w_hd}, .from = {h, 1}},
                          {.weight = {w_md}, .from = {m, 1}},
                          {.weight = {w_dd}, .from = {d, 1}}}});
      p.apply(rule<MemoryParameter>(), {{a_d}}, {}, {d});
    }
    p.filter({.from = x, .order = d, .made = f, .lags = options.memory_lags, .first = 0});
    p.sum({.target = a_m,
           .biases = bias_m,
           .products = {{.weight = {w_fm}, .from = {f}}, {.weight = {w_mm}, .from = {m, 1}}}});
    p.apply(phi, {{a_m}}, {}, {m});
    p.sum({.target = a_h,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.apply(phi, {{a_h}}, {}, {h});
    StepProgram::Gather beside;
    for (int u = 0; u < H; ++u) {
      beside.entries.push_back({{y}, u, {h}, u});
      beside.entries.push_back({{y}, H + u, {m}, u});
    }
    p.operations.emplace_back(beside);
    p.output = y;
    p.hidden = h;
    p.cell = m;
    return p;
  }
};

struct Mrnn : MemoryRnn<false> {
  static constexpr const char* cell = "mrnn";
  static constexpr const char* summary =
      "elman beside m' = phi(W F(x) + U m + b), F the filter (1 - L)^d of K lags, d = sigmoid(...) "
      "/ 2 of x, h, m, d (MRNN of Zhao et al. 2020)";
};
struct MrnnFixed : MemoryRnn<true> {
  static constexpr const char* cell = "mrnnf";
  static constexpr const char* summary =
      "mrnn with a trained constant d per input (MRNNF of Zhao et al. 2020)";
};

}  // namespace rnnlab
