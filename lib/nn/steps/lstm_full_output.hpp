#pragma once

#include <tuple>

#include "nn/steps/lstm_rules.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// The LSTM that Arjovsky, Shah and Bengio (2016) hold unitary networks against: its output gate
/// sees the new cell through a whole matrix,
///
///   i, f, g and c' as those of `lstm`
///   o = σ(W_io x + b_io + W_ho h + b_ho + W_co c')        h' = o ∘ tanh(c')
///
/// Beside the parameters of `lstm`: weight_co [H, H]. StateTrace's factors are those of all of
/// W_hh.
struct LstmFullOutput {
  static constexpr const char* cell = "lstm-full-output";
  static constexpr const char* summary =
      "lstm whose output gate also sees W_co c', W_co a whole matrix (Arjovsky et al. 2016)";
  static constexpr bool cell_state = true;
  static constexpr Extras takes = 0;
  using Rules = std::tuple<LstmMemory, LstmOutput>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const int w_ih = p.input_matrix("weight_ih", 4, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 4, H, H);
    const auto bias = p.two_biases(4, 1);
    const int w_co = p.recurrent_matrix("weight_co", 1, H, H);
    const int a = p.add_pre("a", H, 3), a_o = p.add_pre("a_o", H);
    const int c = p.add_signal("c", H), h = p.add_signal("h", H);
    p.sum({.target = a,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.apply(rule<LstmMemory>(), {{a, 0}, {a, 1}, {a, 2}}, {{c, 1}}, {c});
    p.sum({.target = a_o,
           .biases = p.from_row(bias, 3 * H),
           .products = {{.weight = {w_ih, 3 * H}, .from = {p.input}},
                        {.weight = {w_hh, 3 * H}, .from = {h, 1}, .traced = true},
                        {.weight = {w_co}, .from = {c}}}});
    p.apply(rule<LstmOutput>(), {{a_o}}, {{c}}, {h});
    p.output = p.hidden = h;
    p.cell = c;
    return p;
  }
};

}  // namespace rnnlab
