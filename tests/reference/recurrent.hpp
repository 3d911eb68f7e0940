#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/params.hpp"

// Recurrent layers by the textbook: the equations in PyTorch's documentation of RNN, LSTM and GRU,
// in its layout of parameters and order of gates, and the papers' of what PyTorch does not have,
// entry by entry, one example at a time. On a
// scalar type V: double for values, Var for derivatives.

namespace rnnlab::reference {

template <class V>
using Vector = std::vector<V>;

/// Parameters under their names: W(i, j) = theta[offset + i · columns + j]. Absent ones are zero.
template <class V>
class Named {
 public:
  Named(const ParamLayout& layout, const Vector<V>& theta) : layout_(layout), theta_(theta) {}

  /// (W x + b)_row, …, `rows` entries from row `first` on.
  Vector<V> affine(const std::string& weight, const std::string& bias, int first, int rows,
                   const Vector<V>& x) const {
    const Parameter* W = find(weight);
    const Parameter* b = find(bias);
    if (!W || W->columns != static_cast<int>(x.size()))
      throw std::logic_error("shape of " + weight);
    Vector<V> y;
    for (int i = first; i < first + rows; ++i) {
      V sum = b ? theta_[b->offset + static_cast<std::size_t>(i)] : V(0);
      for (std::size_t j = 0; j < x.size(); ++j) {
        sum += theta_[W->offset + static_cast<std::size_t>(i) * x.size() + j] * x[j];
      }
      y.push_back(sum);
    }
    return y;
  }

  bool has(const std::string& name) const { return find(name) != nullptr; }
  /// Entry u of a vector.
  V entry(const std::string& name, std::size_t u) const {
    const Parameter* p = find(name);
    if (!p) throw std::logic_error("no " + name);
    return theta_[p->offset + u];
  }

 private:
  const Parameter* find(const std::string& name) const {
    for (const Parameter& p : layout_) {
      if (p.name == name) return &p;
    }
    return nullptr;
  }

  const ParamLayout& layout_;
  const Vector<V>& theta_;
};

template <class V>
V sigmoid(const V& x) {
  using std::exp;
  return V(1) / (V(1) + exp(-x));
}

/// φ(a) of an Elman unit, an entry of the tape of its own even where it is constant.
template <class V>
V activated(const std::string& phi, const V& a) {
  using std::exp;
  using std::tanh;
  const bool positive = V(0) < a;
  if (phi == "tanh") return tanh(a);
  if (phi == "sigmoid") return sigmoid(a);
  if (phi == "identity") return a * V(1);
  if (phi == "relu") return a * V(positive ? 1 : 0);
  if (phi == "leaky-relu") return a * V(positive ? 1 : static_cast<double>(0.01f));
  if (phi == "elu") return positive ? a * V(1) : exp(a) - V(1);
  throw std::logic_error("the textbook has no activation " + phi);
}

/// The state after each step.
template <class V>
struct States {
  std::vector<Vector<V>> h, c;  // [T][H]; c for an LSTM alone
};

/// The rows of Greff et al. 2017, table of variants: what an LSTM's cell computes, unit by unit,
/// from the gates' pre-activations in the order i f g o, those that there are.
template <class V>
void lstm_variant(const std::string& cell, const Named<V>& theta, const std::string& suffix,
                  std::size_t u, std::vector<V> a, V& h, V& c) {
  using std::tanh;
  const bool peepholes = cell != "lstm-coupled";
  const bool coupled = cell == "lstm-coupled" || cell == "lstm-peephole-coupled";
  const auto next = [&] {
    const V first = a.at(0);
    a.erase(a.begin());
    return first;
  };
  const auto gate = [&](const char* weight, const V& seen) {
    const V sum = next();
    return peepholes ? sigmoid(sum + theta.entry(weight + suffix, u) * seen) : sigmoid(sum);
  };
  V i(1), f(1), o(1);
  if (!coupled && cell != "lstm-no-input-gate") i = gate("weight_ci", c);
  if (cell != "lstm-no-forget-gate") f = gate("weight_cf", c);
  if (coupled) i = V(1) - f;
  V g = next();
  if (cell != "lstm-no-input-activation") g = tanh(g);
  c = f * c + i * g;
  if (cell != "lstm-no-output-gate") o = gate("weight_co", c);
  h = o * (cell == "lstm-no-output-activation" ? c * V(1) : tanh(c));
  if (!a.empty()) throw std::logic_error("the textbook has fewer gates in " + cell);
}

/// One recurrent layer over x [T][I] from its initial state, zero where there is no parameter of
/// it; parameters carry the suffix.
template <class V>
States<V> recurrent(const Named<V>& theta, const std::string& cell, const std::string& activation,
                    int H, const std::string& suffix, const std::vector<Vector<V>>& x) {
  using std::tanh;
  const auto units = static_cast<std::size_t>(H);
  Vector<V> h(units, V(0)), c(units, V(0));
  for (std::size_t u = 0; u < units; ++u) {
    if (theta.has("h0" + suffix)) h[u] = theta.entry("h0" + suffix, u);
    if (theta.has("c0" + suffix)) c[u] = theta.entry("c0" + suffix, u);
  }
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto input = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t);
    };
    const Vector<V> before = h;
    const auto recurrence = [&](int gate) {
      return theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, before);
    };
    if (cell == "elman") {
      const Vector<V> from_x = input(0), from_h = recurrence(0);
      for (std::size_t u = 0; u < units; ++u) h[u] = activated(activation, from_x[u] + from_h[u]);
    } else if (cell == "lstm") {
      const Vector<V> ix = input(0), ih = recurrence(0), fx = input(1), fh = recurrence(1);
      const Vector<V> gx = input(2), gh = recurrence(2), ox = input(3), oh = recurrence(3);
      for (std::size_t u = 0; u < units; ++u) {
        const V i = sigmoid(ix[u] + ih[u]), f = sigmoid(fx[u] + fh[u]);
        const V g = tanh(gx[u] + gh[u]), o = sigmoid(ox[u] + oh[u]);
        c[u] = f * c[u] + i * g;
        h[u] = o * tanh(c[u]);
      }
      states.c.push_back(c);
    } else if (cell.starts_with("lstm-")) {
      const bool whole = cell == "lstm-peephole" || cell.ends_with("activation");
      std::vector<Vector<V>> from_x, from_h;
      for (int gate = 0; gate < (whole ? 4 : 3); ++gate) {
        from_x.push_back(input(gate));
        from_h.push_back(recurrence(gate));
      }
      for (std::size_t u = 0; u < units; ++u) {
        std::vector<V> a;
        for (std::size_t gate = 0; gate < from_x.size(); ++gate)
          a.push_back(from_x[gate][u] + from_h[gate][u]);
        lstm_variant(cell, theta, suffix, u, a, h[u], c[u]);
      }
      states.c.push_back(c);
    } else if (cell == "leaky") {
      const Vector<V> from_x = input(0), from_h = recurrence(0);
      for (std::size_t u = 0; u < units; ++u) {
        const V leak = theta.entry("leak" + suffix, u);
        h[u] = (V(1) - leak) * h[u] + leak * activated(activation, from_x[u] + from_h[u]);
      }
    } else if (cell == "gru") {
      const Vector<V> rx = input(0), rh = recurrence(0), zx = input(1), zh = recurrence(1);
      const Vector<V> nx = input(2), nh = recurrence(2);
      for (std::size_t u = 0; u < units; ++u) {
        const V r = sigmoid(rx[u] + rh[u]), z = sigmoid(zx[u] + zh[u]);
        const V n = tanh(nx[u] + r * nh[u]);
        h[u] = (V(1) - z) * n + z * h[u];
      }
    } else {
      throw std::logic_error("the textbook has no cell " + cell);
    }
    states.h.push_back(h);
  }
  return states;
}

}  // namespace rnnlab::reference
