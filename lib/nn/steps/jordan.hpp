#pragma once

#include <tuple>

#include "nn/steps/cell_rule.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// Output recurrence (Jordan 1986; Goodfellow et al. 2016, fig. 10.4):
///
///   h_t = φ(W_ih x_t + b_ih + W_oh ŷ_{t−1})        ŷ_t = W_out h_t + b_out
///
/// The layer's output is ŷ, of width RecurrentOptions::outputs: it is its own head. Parameters:
/// weight_ih [H, I], weight_oh [H, O], bias_ih [H], output.weight [O, H], output.bias [O], the last
/// two without suffix. What is traced is h; W_oh and ŷ take the place of W_hh and h in StateTrace's
/// factors.
struct Jordan {
  static constexpr const char* cell = "jordan";
  static constexpr const char* summary =
      "h' = phi(W_ih x + b_ih + W_oh y), y' = W_out h' + b_out: its own readout (Jordan 1986)";
  static constexpr bool cell_state = false;
  static constexpr Extras takes = 0;
  using Rules = std::tuple<>;

  static bool serves(const RecurrentOptions& o) { return activation_rule(o.activation); }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden, O = options.outputs;
    const int w_ih = p.input_matrix("weight_ih", 1, H);
    const int w_oh = p.recurrent_matrix("weight_oh", 1, H, O);
    const auto bias = p.bias("bias_ih", H);
    const int w_out = p.plain_matrix("output.weight", O, H);
    std::vector<StepProgram::Rows> bias_out;
    if (options.bias) bias_out = {{p.add_vector("output.bias", O, 0)}};
    const int a = p.add_pre("a", H), h = p.add_signal("h", H);
    const int read = p.add_pre("W_out h", O), y = p.add_signal("y", O);
    p.sum({.target = a,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_oh}, .from = {y, 1}, .traced = true}}});
    p.apply(activation_rule(options.activation), {{a}}, {}, {h});
    p.sum({.target = read, .biases = bias_out, .products = {{.weight = {w_out}, .from = {h}}}});
    p.apply(activation_rule("identity"), {{read}}, {}, {y});
    p.output = y;
    p.hidden = h;
    return p;
  }
};

}  // namespace rnnlab
