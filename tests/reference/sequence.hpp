#pragma once

#include <string>
#include <vector>

#include "data/batch.hpp"
#include "nn/options.hpp"
#include "reference/recurrent.hpp"

// The sequence model and its losses by the textbook, for one example of a batch.

namespace rnnlab::reference {

/// −ln softmax(y)_label.
template <class V>
V cross_entropy(const Vector<V>& y, int label) {
  using std::exp;
  using std::log;
  V sum(0);
  for (const V& logit : y) sum += exp(logit);
  return log(sum) - y[static_cast<std::size_t>(label)];
}

/// Σ (y − target)² / O.
template <class V>
V mean_squared_error(const Vector<V>& y, const float* target) {
  V sum(0);
  for (std::size_t j = 0; j < y.size(); ++j) {
    const V difference = y[j] - V(static_cast<double>(target[j]));
    sum += difference * difference;
  }
  return sum / V(static_cast<double>(y.size()));
}

template <class V>
struct SequenceResult {
  std::vector<States<V>> layers;
  V loss{0};          // Σ w ℓ over the example's positions
  double weight = 0;  // Σ w
};

/// Example b of the batch through the model's stack and head, over its own steps alone.
template <class V>
SequenceResult<V> sequence(const Named<V>& theta, const ModelOptions& options, const Facts& facts,
                           const Batch& batch, int b) {
  const auto place = [&](int t) { return static_cast<std::size_t>(t * batch.B + b); };
  const int length = batch.length[static_cast<std::size_t>(b)];
  std::vector<Vector<V>> x;
  for (int t = 0; t < length; ++t) {
    Vector<V> x_t;
    for (int i = 0; i < facts.inputs; ++i) {
      const auto at =
          place(t) * static_cast<std::size_t>(facts.inputs) + static_cast<std::size_t>(i);
      x_t.push_back(V(static_cast<double>(batch.x[at])));
    }
    x.push_back(x_t);
  }

  SequenceResult<V> result;
  for (int l = 0; l < options.layers; ++l) {
    result.layers.push_back(
        recurrent(theta, options, "_l" + std::to_string(l), l == 0 ? x : result.layers.back().h));
  }

  const auto& h = result.layers.back().h;
  const auto score = [&](int t, std::size_t position) {
    const double w = static_cast<double>(batch.weight[position]);
    const Vector<V> y = theta.affine("output.weight", "output.bias", 0, facts.outputs,
                                     h[static_cast<std::size_t>(t)]);
    result.loss +=
        V(w) * (facts.loss == LossKind::mse ? mean_squared_error(y, &batch.y[position * y.size()])
                                            : cross_entropy(y, batch.label[position]));
    result.weight += w;
  };
  if (facts.readout == Readout::last) {
    score(length - 1, place(0));
  } else {
    for (int t = 0; t < length; ++t) score(t, place(t));
  }
  return result;
}

}  // namespace rnnlab::reference
