#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/params.hpp"

// Recurrent layers by the textbook: the equations in PyTorch's documentation of RNN, LSTM and GRU,
// in its layout of parameters and order of gates, entry by entry, one example at a time. On a
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

  /// The entries of a vector.
  Vector<V> vector(const std::string& name) const {
    const Parameter* p = find(name);
    if (!p) throw std::logic_error("no " + name);
    const auto first = theta_.begin() + static_cast<std::ptrdiff_t>(p->offset);
    return {first, first + static_cast<std::ptrdiff_t>(p->size())};
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

/// One recurrent layer over x [T][I] from a zero state; parameters carry the suffix.
template <class V>
States<V> recurrent(const Named<V>& theta, const std::string& cell, const std::string& activation,
                    int H, const std::string& suffix, const std::vector<Vector<V>>& x) {
  using std::tanh;
  const auto units = static_cast<std::size_t>(H);
  Vector<V> h(units, V(0)), c(units, V(0));
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
