#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reference/named.hpp"

// The long-memory layers of nn/steps by their papers' equations, as recurrent() has them.

namespace rnnlab::reference {

template <class V, class Options>
States<V> min_gru(const Named<V>& theta, const Options& o, const std::string& suffix,
                  const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden);
  Vector<V> h = initial(theta, "h0" + suffix, H);
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t);
    };
    const Vector<V> z = a(0), candidate = a(1);
    for (std::size_t u = 0; u < h.size(); ++u)
      h[u] = (V(1) - sigmoid(z[u])) * h[u] + sigmoid(z[u]) * candidate[u];
    states.h.push_back(h);
  }
  return states;
}

/// With the stabiliser of the paper's equations 15 to 17, or `plain`, without.
template <class V, class Options>
States<V> slstm(const Named<V>& theta, const Options& o, const std::string& suffix,
                const std::vector<Vector<V>>& x, bool plain = false) {
  using std::exp;
  using std::log;
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  Vector<V> h = initial(theta, "h0" + suffix, H), c = initial(theta, "c0" + suffix, H);
  Vector<V> n(h.size(), V(0)), m(h.size(), V(0));
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t) +
             theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, h);
    };
    const Vector<V> ai = a(0), af = a(1), ag = a(2), ao = a(3);
    for (std::size_t u = 0; u < h.size(); ++u) {
      const V ln_f = o.cell == "slstm" ? log(sigmoid(af[u])) : af[u];
      V i = exp(ai[u]), f = exp(ln_f);
      if (!plain) {
        const V kept = ln_f + m[u];
        const V next = !states.h.empty() && ai[u] < kept ? kept : ai[u];
        i = exp(ai[u] - next);
        f = exp(ln_f + m[u] - next);
        m[u] = next;
      }
      c[u] = f * c[u] + i * tanh(ag[u]);
      n[u] = f * n[u] + i;
      h[u] = sigmoid(ao[u]) * (c[u] / n[u]);
    }
    states.h.push_back(h);
    states.c.push_back(c);
  }
  return states;
}

/// x = re + i im, Λ = e^{−e^ν} (cos e^θ + i sin e^θ).
template <class V, class Options>
States<V> lru(const Named<V>& theta, const Options& o, const std::string& suffix,
              const std::vector<Vector<V>>& x) {
  using std::cos;
  using std::exp;
  using std::sin;
  const int H = static_cast<int>(o.hidden);
  Vector<V> re = initial(theta, "h0" + suffix, H), im = initial(theta, "c0" + suffix, H);
  States<V> states;
  for (const Vector<V>& u_t : x) {
    const auto B = [&](const char* name) { return theta.affine(name + suffix, "", 0, H, u_t); };
    const Vector<V> b_re = B("B_re"), b_im = B("B_im"), d = B("D");
    for (std::size_t u = 0; u < re.size(); ++u) {
      const V modulus = exp(-exp(theta.entry("nu_log" + suffix, u)));
      const V phase = exp(theta.entry("theta_log" + suffix, u));
      const V gamma = exp(theta.entry("gamma_log" + suffix, u));
      const V l_re = modulus * cos(phase), l_im = modulus * sin(phase), before = re[u];
      re[u] = l_re * before - l_im * im[u] + gamma * b_re[u];
      im[u] = l_re * im[u] + l_im * before + gamma * b_im[u];
    }
    const Vector<V> c_re = theta.affine("C_re" + suffix, "", 0, H, re);
    const Vector<V> c_im = theta.affine("C_im" + suffix, "", 0, H, im);
    Vector<V> y = d;
    for (std::size_t u = 0; u < re.size(); ++u) y[u] += c_re[u] - c_im[u];
    states.h.push_back(re);
    states.c.push_back(im);
    states.y.push_back(y);
  }
  return states;
}

/// Σ_{j=1…K} w_j(d) ∘ past[last − (j − 1)], of what there is; `before` is what was before it.
template <class V>
Vector<V> filtered(const Vector<V>& d, const std::vector<Vector<V>>& past, const Vector<V>& before,
                   int lags) {
  Vector<V> sum(d.size(), V(0));
  for (std::size_t u = 0; u < d.size(); ++u) {
    V w(1);
    for (int j = 1; j <= lags; ++j) {
      w = w * (V(j - 1) - d[u]) / V(j);
      const auto back = static_cast<std::size_t>(j);
      sum[u] += w * (back <= past.size() ? past[past.size() - back][u] : before[u]);
    }
  }
  return sum;
}

template <class V>
Vector<V> half_sigmoid(const Vector<V>& a) {
  Vector<V> d;
  for (const V& v : a) d.push_back(V(0.5) * sigmoid(v));
  return d;
}

template <class V, class Options>
States<V> mrnn(const Named<V>& theta, const Options& o, const std::string& suffix,
               const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden), I = theta.columns("weight_ih" + suffix);
  Vector<V> h = initial(theta, "h0" + suffix, H), m = initial(theta, "c0" + suffix, H);
  const Vector<V> none(static_cast<std::size_t>(I), V(0));
  Vector<V> d = none;
  std::vector<Vector<V>> past;
  States<V> states;
  for (const Vector<V>& x_t : x) {
    past.push_back(x_t);
    const auto W = [&](const char* name, const char* bias, int rows, const Vector<V>& from) {
      return theta.affine("weight_" + (name + suffix), *bias ? bias + suffix : "", 0, rows, from);
    };
    d = half_sigmoid(o.cell == "mrnnf" ? theta.vector("memory" + suffix, 0, I)
                                       : W("xd", "bias_d", I, x_t) + W("hd", "", I, h) +
                                             W("md", "", I, m) + W("dd", "", I, d));
    const Vector<V> f = filtered(d, past, none, static_cast<int>(o.memory_lags));
    m = activated(o.activation, W("fm", "bias_m", H, f) + W("mm", "", H, m));
    h = activated(o.activation, W("ih", "bias_ih", H, x_t) + W("hh", "bias_hh", H, h));
    states.h.push_back(h);
    states.c.push_back(m);
    states.y.push_back(h);
    states.y.back().insert(states.y.back().end(), m.begin(), m.end());
  }
  return states;
}

template <class V, class Options>
States<V> mlstm(const Named<V>& theta, const Options& o, const std::string& suffix,
                const std::vector<Vector<V>>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  const Vector<V> c0 = initial(theta, "c0" + suffix, H);
  Vector<V> h = initial(theta, "h0" + suffix, H), d(c0.size(), V(0));
  States<V> states;
  for (const Vector<V>& x_t : x) {
    const auto a = [&](int gate) {
      return theta.affine("weight_ih" + suffix, "bias_ih" + suffix, gate * H, H, x_t) +
             theta.affine("weight_hh" + suffix, "bias_hh" + suffix, gate * H, H, h);
    };
    const Vector<V> i = a(0), g = a(1), out = a(2);
    d = half_sigmoid(o.cell == "mlstmf" ? theta.vector("memory" + suffix, 0, H)
                                        : a(3) + theta.affine("weight_dd" + suffix, "", 0, H, d));
    const Vector<V> f = filtered(d, states.c, c0, static_cast<int>(o.memory_lags));
    Vector<V> c = f;
    for (std::size_t u = 0; u < h.size(); ++u) {
      c[u] = sigmoid(i[u]) * tanh(g[u]) - f[u];
      h[u] = sigmoid(out[u]) * tanh(c[u]);
    }
    states.h.push_back(h);
    states.c.push_back(c);
  }
  return states;
}

}  // namespace rnnlab::reference
