#pragma once

#include <string>
#include <vector>

#include "reference/named.hpp"

// The temporal convolutional network by the definition of a convolution (Bai, Kolter, Koltun 2018).

namespace rnnlab::reference {

/// y_t[o] = b[o] + Σ_i Σ_k W[o, i, k] x_{t − (K−1−k)·d}[i], nothing before the first step.
template <class V>
std::vector<Vector<V>> convolved(const Named<V>& theta, const std::string& name, int H, int K,
                                 int dilation, const std::vector<Vector<V>>& x) {
  std::vector<Vector<V>> y;
  for (int t = 0; t < static_cast<int>(x.size()); ++t) {
    Vector<V> y_t = theta.vector(name + ".bias", 0, H);
    for (std::size_t o = 0; o < y_t.size(); ++o) {
      for (std::size_t i = 0; i < x[0].size(); ++i) {
        for (int k = 0; k < K; ++k) {
          const int source = t - (K - 1 - k) * dilation;
          if (source < 0) continue;
          const std::size_t at = (o * x[0].size() + i) * static_cast<std::size_t>(K);
          y_t[o] += theta.entry(name + ".weight", at + static_cast<std::size_t>(k)) *
                    x[static_cast<std::size_t>(source)][i];
        }
      }
    }
    y.push_back(y_t);
  }
  return y;
}

template <class V, class Options>
std::vector<Vector<V>> tcn(const Named<V>& theta, const Options& o, std::vector<Vector<V>> x) {
  const int H = static_cast<int>(o.hidden), K = static_cast<int>(o.kernel);
  for (int l = 0, dilation = 1; l < o.layers; ++l, dilation *= 2) {
    const std::string name = "layers." + std::to_string(l) + ".";
    std::vector<Vector<V>> h = x;
    for (const char* conv : {"conv1", "conv2"}) {
      h = convolved(theta, name + conv, H, K, dilation, h);
      for (Vector<V>& h_t : h) h_t = activated(o.activation, h_t);
    }
    const std::string down = name + "downsample";
    if (theta.rows(down + ".weight") > 0) x = convolved(theta, down, H, 1, 1, x);
    for (std::size_t t = 0; t < x.size(); ++t) x[t] = activated(o.activation, h[t] + x[t]);
  }
  return x;
}

}  // namespace rnnlab::reference
