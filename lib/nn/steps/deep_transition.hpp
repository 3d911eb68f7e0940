#pragma once

#include <string>
#include <tuple>

#include "nn/steps/cell_rule.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// Vanilla units with a deep transition (Pascanu, Gulcehre, Cho, Bengio 2014), L = deep_layers:
///
///   m_0 = φ(W_ih x + b_ih + W_hh h_{t−1} + b_hh)
///   m_k = φ(W_th_k m_{k−1} + b_th_k),  k = 1 … L,     h_t = m_L
///
/// with shortcuts (`-s`) h_t = φ(W_th_L m_{L−1} + b_th_L + W_sh h_{t−1}). Beside the parameters of
/// `elman`: weight_th_l0_1 [H, H] and bias_th_l0_1 [H], …, and weight_sh_l0 [H, H]. What is deep in
/// the output of dot and dot-s stands outside of the layer.
struct DeepTransition {
  static constexpr const char* cell = "elman";
  static constexpr const char* summary = nullptr;
  static constexpr bool cell_state = false;
  static constexpr Extras takes = deep_transition;
  using Rules = std::tuple<>;

  static bool serves(const RecurrentOptions& o) {
    return o.depth != "stacked" && activation_rule(o.activation);
  }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden;
    const Rule* phi = activation_rule(options.activation);
    const int w_ih = p.input_matrix("weight_ih", 1, H);
    const int w_hh = p.recurrent_matrix("weight_hh", 1, H, H);
    const auto bias = p.two_biases(1, -1);
    const int h = p.add_signal("h", H);
    int a = p.add_pre("a0", H), m = p.add_signal("m0", H);
    p.sum({.target = a,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh}, .from = {h, 1}, .traced = true}}});
    p.apply(phi, {{a}}, {}, {m});
    for (int k = 1; k <= options.deep_layers; ++k) {
      const std::string number = std::to_string(k);
      const int before = m;
      const bool last = k == options.deep_layers;
      a = p.add_pre("a" + number, H);
      m = last ? h : p.add_signal("m" + number, H);
      const int w = p.recurrent_matrix("weight_th", 1, H, H, "_" + number);
      StepProgram::Sum sum{.target = a,
                           .biases = p.bias("bias_th", H, 0, "_" + number),
                           .products = {{.weight = {w}, .from = {before}}}};
      if (last && options.depth.ends_with("-s")) {
        sum.products.push_back(
            {.weight = {p.recurrent_matrix("weight_sh", 1, H, H)}, .from = {h, 1}});
      }
      p.sum(sum);
      p.apply(phi, {{a}}, {}, {m});
    }
    p.output = p.hidden = h;
    return p;
  }
};

}  // namespace rnnlab
