#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reference/named.hpp"

// The recurrent layers of nn/steps by their papers' equations, as recurrent() has them.

namespace rnnlab::reference {

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

template <class V, class Options>
States<V> gru_original(const Named<V>& theta, const Options& o, const std::string& suffix,
                       const std::vector<Vector<V>>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  Vector<V> h = initial(theta, "h0" + suffix, H);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate, const Vector<V>& state) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t) +
             theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, state);
    };
    const Vector<V> r = a(0, h), z = a(1, h);
    Vector<V> reset;
    for (std::size_t u = 0; u < h.size(); ++u) reset.push_back(sigmoid(r[u]) * h[u]);
    const Vector<V> n = a(2, reset);
    for (std::size_t u = 0; u < h.size(); ++u) {
      h[u] = (V(1) - sigmoid(z[u])) * tanh(n[u]) + sigmoid(z[u]) * h[u];
    }
    states.h.push_back(h);
  }
  return states;
}

template <class V, class Options>
States<V> deep_transition(const Named<V>& theta, const Options& o, const std::string& suffix,
                          const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden), L = static_cast<int>(o.deep_layers);
  Vector<V> h = initial(theta, "h0" + suffix, H);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    Vector<V> m = activated(o.activation,
                            theta.affine("weight_ih" + suffix, "bias_ih" + suffix, 0, H, x_t) +
                                theta.affine("weight_hh" + suffix, "bias_hh" + suffix, 0, H, h));
    for (int k = 1; k <= L; ++k) {
      const std::string name = "_th" + suffix + "_" + std::to_string(k);
      Vector<V> a = theta.affine("weight" + name, "bias" + name, 0, H, m);
      const bool shortcut = o.depth == "dt-s" || o.depth == "dot-s";
      if (k == L && shortcut) a = a + theta.affine("weight_sh" + suffix, "", 0, H, h);
      m = activated(o.activation, a);
    }
    h = m;
    states.h.push_back(h);
  }
  return states;
}

template <class V, class Options>
States<V> lstm_full_output(const Named<V>& theta, const Options& o, const std::string& suffix,
                           const std::vector<Vector<V>>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  Vector<V> h = initial(theta, "h0" + suffix, H), c = initial(theta, "c0" + suffix, H);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t) +
             theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, h);
    };
    const Vector<V> i = a(0), f = a(1), g = a(2);
    for (std::size_t u = 0; u < h.size(); ++u) {
      c[u] = sigmoid(f[u]) * c[u] + sigmoid(i[u]) * tanh(g[u]);
    }
    const Vector<V> out = a(3) + theta.affine("weight_co" + suffix, "", 0, H, c);
    for (std::size_t u = 0; u < h.size(); ++u) h[u] = sigmoid(out[u]) * tanh(c[u]);
    states.h.push_back(h);
    states.c.push_back(c);
  }
  return states;
}

/// γ ∘ (x − mean) / √(variance + 1e-5) + β, γ and β from row `first` on.
template <class V>
Vector<V> layer_norm(const Named<V>& theta, const std::string& name, int first,
                     const Vector<V>& x) {
  using std::exp;
  using std::log;
  const V n(static_cast<double>(x.size()));
  V mean(0), variance(0);
  for (const V& v : x) mean += v / n;
  for (const V& v : x) variance += (v - mean) * (v - mean) / n;
  const V deviation = exp(V(0.5) * log(variance + V(1e-5)));
  const int rows = static_cast<int>(x.size());
  Vector<V> y = theta.vector(name + ".bias", first, rows);
  const Vector<V> scale = theta.vector(name + ".weight", first, rows);
  for (std::size_t u = 0; u < x.size(); ++u) y[u] += scale[u] * ((x[u] - mean) / deviation);
  return y;
}

template <class V, class Options>
States<V> lstm_layer_norm(const Named<V>& theta, const Options& o, const std::string& suffix,
                          const std::vector<Vector<V>>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  Vector<V> h = initial(theta, "h0" + suffix, H), c = initial(theta, "c0" + suffix, H);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate) {
      const Vector<V> from_x = theta.affine("weight_ih" + suffix, "", gate * H, H, x_t);
      const Vector<V> from_h = theta.affine("weight_hh" + suffix, "", gate * H, H, h);
      return layer_norm(theta, "norm_ih" + suffix, gate * H, from_x) +
             layer_norm(theta, "norm_hh" + suffix, gate * H, from_h) +
             theta.vector("bias_ih" + suffix, gate * H, H);
    };
    const Vector<V> i = a(0), f = a(1), g = a(2), out = a(3);
    for (std::size_t u = 0; u < h.size(); ++u) {
      c[u] = sigmoid(f[u]) * c[u] + sigmoid(i[u]) * tanh(g[u]);
    }
    const Vector<V> shown = layer_norm(theta, "norm_c" + suffix, 0, c);
    for (std::size_t u = 0; u < h.size(); ++u) h[u] = sigmoid(out[u]) * tanh(shown[u]);
    states.h.push_back(h);
    states.c.push_back(c);
  }
  return states;
}

template <class V, class Options>
States<V> jordan(const Named<V>& theta, const Options& o, const std::string& suffix,
                 const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden), O = theta.rows("output.weight");
  Vector<V> y(static_cast<std::size_t>(O), V(0));
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const Vector<V> h =
        activated(o.activation, theta.affine("weight_ih" + suffix, "bias_ih" + suffix, 0, H, x_t) +
                                    theta.affine("weight_oh" + suffix, "", 0, H, y));
    y = theta.affine("output.weight", "output.bias", 0, O, h);
    states.h.push_back(h);
    states.y.push_back(y);
  }
  return states;
}

/// Units in the order input gates, cells, output gates.
template <class V, class Options>
States<V> lstm_1997(const Named<V>& theta, const Options& o, const std::string& suffix,
                    const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden), block = static_cast<int>(o.block), M = H / block;
  Vector<V> h = initial(theta, "h0" + suffix, H), c = initial(theta, "c0" + suffix, H);
  Vector<V> units(static_cast<std::size_t>(H + 2 * M), V(0));
  States<V> states;
  for (const Vector<V>& x_t : x) {
    if (o.truncated_gradient) units = detached(units);
    const int R = H + 2 * M;
    const Vector<V> a = theta.affine("weight_ih" + suffix, "bias_ih" + suffix, 0, R, x_t) +
                        theta.affine("weight_hh" + suffix, "", 0, R, units);
    const Vector<V> in = activated("sigmoid", part(a, 0, M));
    const Vector<V> net = part(a, M, H), out = activated("sigmoid", part(a, M + H, M));
    for (int k = 0; k < H; ++k) {
      const auto cell = static_cast<std::size_t>(k), gate = static_cast<std::size_t>(k / block);
      c[cell] += in[gate] * (V(4) * sigmoid(net[cell]) - V(2));
      h[cell] = out[gate] * (V(2) * sigmoid(c[cell]) - V(1));
    }
    units = in;
    units.insert(units.end(), h.begin(), h.end());
    units.insert(units.end(), out.begin(), out.end());
    states.h.push_back(h);
    states.c.push_back(c);
  }
  return states;
}

}  // namespace rnnlab::reference
