#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reference/named.hpp"
#include "reference/variants.hpp"

// The transformer encoder by the equations of Vaswani et al. 2017, query by query.

namespace rnnlab::reference {

/// Σ_j softmax_j(q · k_j / √d) v_j of each query over the first `seen(i)` places of the memory.
template <class V, class Seen>
std::vector<Vector<V>> attended(const std::vector<Vector<V>>& q, const std::vector<Vector<V>>& k,
                                const std::vector<Vector<V>>& v, Seen&& seen) {
  using std::exp;
  std::vector<Vector<V>> y;
  for (std::size_t i = 0; i < q.size(); ++i) {
    Vector<V> weight, mixed(q[i].size(), V(0));
    V total(0);
    for (std::size_t j = 0; j < seen(i); ++j) {
      V score(0);
      for (std::size_t u = 0; u < q[i].size(); ++u) score += q[i][u] * k[j][u];
      weight.push_back(exp(score / V(std::sqrt(static_cast<double>(q[i].size())))));
      total += weight.back();
    }
    for (std::size_t j = 0; j < weight.size(); ++j) {
      for (std::size_t u = 0; u < mixed.size(); ++u) mixed[u] += weight[j] / total * v[j][u];
    }
    y.push_back(mixed);
  }
  return y;
}

/// PyTorch's MultiheadAttention, parameters under `name`.
template <class V>
std::vector<Vector<V>> multihead(const Named<V>& theta, const std::string& name, int heads,
                                 bool causal, const std::vector<Vector<V>>& queries,
                                 const std::vector<Vector<V>>& memory) {
  const int H = static_cast<int>(queries.front().size()), d = H / heads;
  std::vector<Vector<V>> joined(queries.size());
  for (int head = 0; head < heads; ++head) {
    const auto projected = [&](int which, const std::vector<Vector<V>>& x) {
      std::vector<Vector<V>> rows;
      for (const Vector<V>& x_t : x)
        rows.push_back(theta.affine(name + "in_proj_weight", name + "in_proj_bias",
                                    which * H + head * d, d, x_t));
      return rows;
    };
    const auto y = attended(
        projected(0, queries), projected(1, memory), projected(2, memory),
        [&](std::size_t i) { return causal ? std::min(i + 1, memory.size()) : memory.size(); });
    for (std::size_t i = 0; i < y.size(); ++i)
      joined[i].insert(joined[i].end(), y[i].begin(), y[i].end());
  }
  std::vector<Vector<V>> out;
  for (const Vector<V>& y : joined)
    out.push_back(theta.affine(name + "out_proj.weight", name + "out_proj.bias", 0, H, y));
  return out;
}

/// The encoder's last layer for x [T][I]. `Options` has the names of ModelOptions.
template <class V, class Options>
std::vector<Vector<V>> transformer(const Named<V>& theta, const Options& o, bool causal,
                                   const std::vector<Vector<V>>& x) {
  const int H = static_cast<int>(o.hidden);
  int heads = 1;
  for (const int n : {2, 4, 8}) {
    if (H % n == 0) heads = n;
  }
  if (o.heads > 0) heads = static_cast<int>(o.heads);
  std::vector<Vector<V>> h;
  for (std::size_t t = 0; t < x.size(); ++t) {
    h.push_back(theta.affine("input.weight", "input.bias", 0, H, x[t]));
    for (int u = 0; u < H; ++u) {
      V& entry = h.back()[static_cast<std::size_t>(u)];
      const double angle = static_cast<double>(t) / std::pow(10000.0, (u - u % 2) / double(H));
      if (o.positions == "sinusoidal") entry += V(u % 2 == 0 ? std::sin(angle) : std::cos(angle));
      if (o.positions == "learned")
        entry += theta.entry("positions.weight",
                             t * static_cast<std::size_t>(H) + static_cast<std::size_t>(u));
    }
  }
  const auto normed = [&](std::vector<Vector<V>> of, const std::string& name) {
    for (Vector<V>& y : of) y = layer_norm(theta, name, 0, y);
    return of;
  };
  const auto sum = [](std::vector<Vector<V>> a, const std::vector<Vector<V>>& b) {
    for (std::size_t t = 0; t < a.size(); ++t) a[t] = a[t] + b[t];
    return a;
  };
  for (int l = 0; l < o.layers; ++l) {
    const std::string name = "layers." + std::to_string(l) + ".";
    const auto attention = [&](const std::vector<Vector<V>>& of) {
      return multihead(theta, name + "self_attn.", heads, causal, of, of);
    };
    const auto feed_forward = [&](std::vector<Vector<V>> of) {
      const int F = theta.rows(name + "linear1.weight");
      for (Vector<V>& y : of) {
        y = activated(o.activation,
                      theta.affine(name + "linear1.weight", name + "linear1.bias", 0, F, y));
        y = theta.affine(name + "linear2.weight", name + "linear2.bias", 0, H, y);
      }
      return of;
    };
    if (o.norm_first) {
      h = sum(h, attention(normed(h, name + "norm1")));
      h = sum(h, feed_forward(normed(h, name + "norm2")));
    } else {
      h = normed(sum(h, attention(h)), name + "norm1");
      h = normed(sum(h, feed_forward(h)), name + "norm2");
    }
  }
  return o.norm_first ? normed(h, "norm") : h;
}

}  // namespace rnnlab::reference
