#pragma once

#include <array>
#include <tuple>

#include "base/error.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// A memory cell of 1997: c' = c + i ∘ g, h' = o ∘ s, with g = 4σ(a_g) − 2 and s = 2σ(c') − 1; its
/// gates' activations are seen by others too.
struct MemoryCell {
  static constexpr int slots = 3, given = 1, made = 4, saved = 2;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& a,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out, std::array<V, saved>& keep) {
    const V i = sigmoid(a[0]), g = 4.0f * sigmoid(a[1]) - 2.0f, o = sigmoid(a[2]);
    const V c = s[0] + i * g;
    const V shown = 2.0f * sigmoid(c) - 1.0f;
    out = {V(o * shown), c, i, o};
    keep = {g, shown};
  }

  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& out,
                                              const std::array<V, saved>& keep,
                                              std::array<V, slots>& da, std::array<V, given>& ds) {
    const auto& [g, shown] = keep;
    const V &i = out[2], &o = out[3];
    const V dc = whole(dout, out, keep);
    da[0] = (dc * g + dout[2]) * (i - i * i);
    da[1] = dc * i * (1.0f - 0.25f * g * g);
    da[2] = (dout[0] * shown + dout[3]) * (o - o * o);
    ds[0] = dc;
  }

  template <class V>
  static void totals(std::array<V, made>& dout, const std::array<V, made>& out,
                     const std::array<V, saved>& keep) {
    dout[1] = whole(dout, out, keep);
  }

 private:
  /// ∂L/∂c', with what comes through h'.
  template <class V>
  [[gnu::always_inline]] static V whole(const std::array<V, made>& dout,
                                        const std::array<V, made>& out,
                                        const std::array<V, saved>& keep) {
    return V(dout[1] + dout[0] * out[3] * (0.5f - 0.5f * keep[1] * keep[1]));
  }
};

/// Long short-term memory as in 1997 (Hochreiter, Schmidhuber): no forget gate, and memory blocks
/// of `block` cells that share an input and an output gate. With M = H / block, the R = M + H + M
/// units' activations u = (i, h, o) feed all of them:
///
///   (a_i, a_g, a_o) = W_ih x_t + b_ih + W_hh u_{t−1}
///   i = σ(a_i)   o = σ(a_o)   c' = c + i g(a_g)   h = o s(c'),   g = 4σ − 2,  s = 2σ − 1
///
/// where cell k has the gates of block ⌊k / block⌋; y = h. Parameters: weight_ih [R, I], weight_hh
/// [R, R], bias_ih [R]. The gates' biases start at input_gate_bias + m · input_gate_bias_step in
/// block m = 0, 1, …, the output gates' likewise. With `truncated_gradient`, as published, nothing
/// goes back through W_hh. In StateTrace's factors
/// u takes the place of h.
struct Lstm1997 {
  static constexpr const char* cell = "lstm-1997";
  static constexpr const char* summary =
      "c' = c + i g, h' = o (2 sigmoid(c') - 1), g = 4 sigmoid(a) - 2; blocks of model.block cells "
      "share i and o, which feed back too (Hochreiter and Schmidhuber 1997)";
  static constexpr bool cell_state = true;
  static constexpr Extras takes = truncated_gradient | memory_blocks;
  using Rules = std::tuple<MemoryCell>;

  static bool serves(const RecurrentOptions& o) { return o.activation == "tanh"; }

  static StepProgram program(const RecurrentOptions& options) {
    StepBuilder p(options);
    const int H = options.hidden, block = options.block, M = H / block, R = H + 2 * M;
    if (H % block != 0) {
      throw Error(Exit::usage,
                  "model.hidden " + std::to_string(H) + " is no multiple of the " +
                      std::to_string(block) + " cells of a memory block",
                  "model.block", "choose a divisor of model.hidden");
    }
    const int w_ih = p.input_matrix("weight_ih", 1, R);
    const int w_hh = p.recurrent_matrix("weight_hh", 1, R, R);
    const auto bias = p.bias("bias_ih", R);
    for (int m = 0; m < M && !bias.empty(); ++m) {
      auto start = p.parameters.back().start.begin();
      start[m] = options.input_gate_bias + m * options.input_gate_bias_step;
      start[M + H + m] = options.output_gate_bias + m * options.output_gate_bias_step;
    }
    const int a = p.add_pre("a", R), slots = p.add_pre("a by cell", H, 3);
    const int h = p.add_signal("h", H), c = p.add_signal("c", H);
    const int i = p.add_signal("i", H), o = p.add_signal("o", H), u = p.add_signal("u", R);
    p.sum({.target = a,
           .biases = bias,
           .products = {{.weight = {w_ih}, .from = {p.input}},
                        {.weight = {w_hh},
                         .from = {u, 1},
                         .cut = options.truncated_gradient,
                         .traced = true}}});
    StepProgram::Gather spread, collect;
    for (int k = 0; k < H; ++k) {
      spread.entries.push_back({{slots, 0}, k, {a}, k / block});
      spread.entries.push_back({{slots, 1}, k, {a}, M + k});
      spread.entries.push_back({{slots, 2}, k, {a}, M + H + k / block});
      collect.entries.push_back({{u}, M + k, {h}, k});
    }
    for (int m = 0; m < M; ++m) {
      collect.entries.push_back({{u}, m, {i}, m * block});
      collect.entries.push_back({{u}, M + H + m, {o}, m * block});
    }
    p.operations.emplace_back(spread);
    p.apply(rule<MemoryCell>(), {{slots, 0}, {slots, 1}, {slots, 2}}, {{c, 1}}, {h, c, i, o});
    p.operations.emplace_back(collect);
    p.output = p.hidden = h;
    p.cell = c;
    return p;
  }
};

}  // namespace rnnlab
