#pragma once

#include <tuple>

#include "nn/steps/lstm_rules.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// The LSTM with layer normalisation (Ba, Kiros, Hinton 2016) over the units of one gate:
///
///   LN(v) = γ ∘ (v − mean) / √(variance + 1e-5) + β
///   a_k = LN_ih(W_ih x) + LN_hh(W_hh h) + b_k,  k = i, f, g, o
///   c' = σ(a_f) ∘ c + σ(a_i) ∘ tanh(a_g)        h' = σ(a_o) ∘ tanh(LN_c(c'))
///
/// Parameters: weight_ih_l0 [4H, I], weight_hh_l0 [4H, H], bias_ih_l0 [4H] (b), and of each LN γ,
/// which starts at 1, and β, which starts at 0: norm_ih_l0.weight, norm_ih_l0.bias,
/// norm_hh_l0.weight, norm_hh_l0.bias [4H], norm_c_l0.weight, norm_c_l0.bias [H]. These are there
/// without `bias` too.
struct LstmLayerNorm {
  static constexpr const char* cell = "lstm-layer-norm";
  static constexpr const char* summary =
      "lstm of a = LN(W_ih x) + LN(W_hh h) + b gate by gate, h' = o tanh(LN(c')) (Ba, Kiros, "
      "Hinton "
      "2016)";
  static constexpr bool cell_state = true;
  static constexpr Extras takes = 0;
  using Rules = std::tuple<LstmMemory, LstmOutputOfSlot>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const int w_ih = p.input_matrix("weight_ih", 4, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 4, H, H);
    auto bias = p.bias("bias_ih", 4 * H);
    if (!bias.empty()) {
      std::fill_n(p.parameters.back().start.begin() + H, H, options.forget_bias);
    }
    const auto norm = [&](const std::string& stem, int rows, std::vector<StepProgram::Rows>& to) {
      const int scale = p.add_vector(stem + options.suffix + ".weight", rows, 1);
      p.parameters.back().trained = options.fixed != "reservoir";
      to.push_back({p.add_vector(stem + options.suffix + ".bias", rows, 0)});
      p.parameters.back().trained = options.fixed != "reservoir";
      return StepProgram::Rows{scale};
    };
    std::vector<StepProgram::Rows> bias_c;
    const auto norm_ih = norm("norm_ih", 4 * H, bias), norm_hh = norm("norm_hh", 4 * H, bias);
    const auto norm_c = norm("norm_c", H, bias_c);
    const int from_x = p.add_pre("W_ih x", H, 4), from_h = p.add_pre("W_hh h", H, 4);
    const int a = p.add_pre("a", H, 4), normed = p.add_pre("LN(c)", H);
    const int c = p.add_signal("c", H), h = p.add_signal("h", H);
    p.sum({.target = from_x, .biases = {}, .products = {{.weight = {w_ih}, .from = {p.input}}}});
    p.sum({.target = from_h,
           .biases = {},
           .products = {{.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.sum({.target = a,
           .biases = bias,
           .products = {},
           .norms = {{norm_ih, {from_x}}, {norm_hh, {from_h}}}});
    p.apply(rule<LstmMemory>(), {{a, 0}, {a, 1}, {a, 2}}, {{c, 1}}, {c});
    p.sum({.target = normed, .biases = bias_c, .products = {}, .norms = {{norm_c, {c}}}});
    p.apply(rule<LstmOutputOfSlot>(), {{a, 3}, {normed}}, {}, {h});
    p.output = p.hidden = h;
    p.cell = c;
    return p;
  }
};

}  // namespace rnnlab
