#pragma once

#include <string>
#include <vector>

#include "reference/long_memory.hpp"
#include "reference/named.hpp"
#include "reference/orthogonal.hpp"
#include "reference/variants.hpp"

// Recurrent layers by the textbook: the equations in PyTorch's documentation of RNN, LSTM and GRU,
// in its layout of parameters and order of gates.

namespace rnnlab::reference {

/// One recurrent layer over x [T][I] from its initial state, zero where there is no parameter of
/// it; parameters carry the suffix. `Options` has the names of RecurrentOptions.
template <class V, class Options>
States<V> recurrent(const Named<V>& theta, const Options& o, const std::string& suffix,
                    const std::vector<Vector<V>>& x) {
  using std::tanh;
  if (o.cell == "gru-original") return gru_original(theta, o, suffix, x);
  if (o.cell == "lstm-full-output") return lstm_full_output(theta, o, suffix, x);
  if (o.cell == "lstm-layer-norm") return lstm_layer_norm(theta, o, suffix, x);
  if (o.cell == "jordan") return jordan(theta, o, suffix, x);
  if (o.cell == "lstm-1997") return lstm_1997(theta, o, suffix, x);
  if (o.cell == "elman" && (o.depth.find("dt") == 0 || o.depth.find("dot") == 0))
    return deep_transition(theta, o, suffix, x);

  if (o.cell == "mingru") return min_gru(theta, o, suffix, x);
  if (o.cell.starts_with("slstm")) return slstm(theta, o, suffix, x);
  if (o.cell == "lru") return lru(theta, o, suffix, x);
  if (o.cell.starts_with("mrnn")) return mrnn(theta, o, suffix, x);
  if (o.cell.starts_with("mlstm")) return mlstm(theta, o, suffix, x);

  const int H = static_cast<int>(o.hidden), d = static_cast<int>(o.time_skip);
  const auto units = static_cast<std::size_t>(H);
  const Vector<V> first = initial(theta, "h0" + suffix, H);
  Vector<V> h = first, c = initial(theta, "c0" + suffix, H);
  const Matrix<V> W = orthogonal(theta, o, suffix);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto input = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t);
    };
    const auto t = states.h.size(), delay = static_cast<std::size_t>(d);
    Vector<V> before = h, long_before = d > 0 && t >= delay ? states.h[t - delay] : first;
    if (o.truncated_gradient) {
      before = detached(before);
      long_before = detached(long_before);
    }
    const auto recurrence = [&](int gate) {
      if (!W.empty()) return W * before + theta.vector("bias_hh" + suffix, 0, H);
      const Vector<V> a =
          theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, before);
      if (d == 0) return a;
      return a + theta.affine("weight_dh" + suffix, "", gate * H, H, long_before);
    };
    if (o.cell == "elman" && o.activation == "modrelu") {
      const Vector<V> from_x = input(0), from_h = recurrence(0);
      for (std::size_t u = 0; u < units; ++u) {
        const V a = from_x[u] + from_h[u], b = theta.entry("modrelu_bias" + suffix, u);
        const bool positive = V(0) < a;
        const V magnitude = (positive ? a : -a) + b;
        h[u] = (positive ? magnitude : -magnitude) * V(V(0) < magnitude ? 1 : 0);
      }
    } else if (o.cell == "elman") {
      h = activated(o.activation, input(0) + recurrence(0));
    } else if (o.cell == "lstm") {
      const Vector<V> ix = input(0), ih = recurrence(0), fx = input(1), fh = recurrence(1);
      const Vector<V> gx = input(2), gh = recurrence(2), ox = input(3), oh = recurrence(3);
      for (std::size_t u = 0; u < units; ++u) {
        const V i = sigmoid(ix[u] + ih[u]), f = sigmoid(fx[u] + fh[u]);
        const V g = tanh(gx[u] + gh[u]), out = sigmoid(ox[u] + oh[u]);
        c[u] = f * c[u] + i * g;
        h[u] = out * tanh(c[u]);
      }
      states.c.push_back(c);
    } else if (o.cell.starts_with("lstm-")) {
      const bool whole = o.cell == "lstm-peephole" || o.cell.ends_with("activation");
      std::vector<Vector<V>> from_x, from_h;
      for (int gate = 0; gate < (whole ? 4 : 3); ++gate) {
        from_x.push_back(input(gate));
        from_h.push_back(recurrence(gate));
      }
      for (std::size_t u = 0; u < units; ++u) {
        std::vector<V> a;
        for (std::size_t gate = 0; gate < from_x.size(); ++gate)
          a.push_back(from_x[gate][u] + from_h[gate][u]);
        lstm_variant(o.cell, theta, suffix, u, a, h[u], c[u]);
      }
      states.c.push_back(c);
    } else if (o.cell == "leaky") {
      const Vector<V> from_x = input(0), from_h = recurrence(0);
      for (std::size_t u = 0; u < units; ++u) {
        const V leak = theta.entry("leak" + suffix, u);
        h[u] = (V(1) - leak) * h[u] + leak * activated(o.activation, from_x[u] + from_h[u]);
      }
    } else if (o.cell == "gru") {
      const Vector<V> rx = input(0), rh = recurrence(0), zx = input(1), zh = recurrence(1);
      const Vector<V> nx = input(2), nh = recurrence(2);
      for (std::size_t u = 0; u < units; ++u) {
        const V r = sigmoid(rx[u] + rh[u]), z = sigmoid(zx[u] + zh[u]);
        const V n = tanh(nx[u] + r * nh[u]);
        h[u] = (V(1) - z) * n + z * h[u];
      }
    } else {
      throw std::logic_error("the textbook has no cell " + o.cell);
    }
    states.h.push_back(h);
  }
  return states;
}

}  // namespace rnnlab::reference
