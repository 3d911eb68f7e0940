#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "data/batch.hpp"
#include "nn/options.hpp"
#include "reference/images.hpp"
#include "reference/recurrent.hpp"
#include "reference/tcn.hpp"
#include "reference/transformer.hpp"

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

/// −Σ_j ln of the probability of target_j, 0 or 1, under σ(y_j).
template <class V>
V binary_cross_entropy(const Vector<V>& y, const float* target) {
  using std::exp;
  using std::log;
  V sum(0);
  for (std::size_t j = 0; j < y.size(); ++j) {
    // -ln sigma(y), or -ln (1 - sigma(y)) = -ln sigma(-y)
    sum += log(V(1) + exp(target[j] == 1 ? V(0) - y[j] : y[j]));
  }
  return sum;
}

/// A sequence of vectors, one per step.
template <class V>
using Steps = std::vector<Vector<V>>;

template <class V>
Vector<V> beside(Vector<V> a, const Vector<V>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// What pooling makes of a whole sequence.
template <class V>
Vector<V> pooled(const Named<V>& theta, const std::string& kind, const Steps<V>& h) {
  using std::exp;
  using std::tanh;
  if (kind == "last") return h.back();
  const std::size_t width = h.front().size();
  Vector<V> y;
  if (kind == "mean" || kind == "max") {
    for (std::size_t i = 0; i < width; ++i) {
      V sum(0), largest = h.front()[i];
      for (const Vector<V>& h_t : h) {
        sum += h_t[i];
        if (largest < h_t[i]) largest = h_t[i];
      }
      y.push_back(kind == "mean" ? sum / V(static_cast<double>(h.size())) : largest * V(1));
    }
    return y;
  }
  const Vector<V> context = theta.vector("pool.context", 0, static_cast<int>(width));
  Vector<V> weight;
  V total(0);
  for (const Vector<V>& h_t : h) {
    const Vector<V> a = theta.affine("pool.weight", "pool.bias", 0, static_cast<int>(width), h_t);
    V score(0);
    for (std::size_t i = 0; i < width; ++i) score += context[i] * tanh(a[i]);
    weight.push_back(exp(score));
    total += weight.back();
  }
  y.assign(width, V(0));
  for (std::size_t t = 0; t < h.size(); ++t) {
    for (std::size_t i = 0; i < width; ++i) y[i] += weight[t] / total * h[t][i];
  }
  return y;
}

template <class V>
struct SequenceResult {
  std::vector<States<V>> layers;  // of each direction of each layer, in time
  V loss{0};                      // Σ w ℓ over the example's positions
  double weight = 0;              // Σ w
};

/// The sequence model, one example at a time.
template <class V>
class SequenceModel {
 public:
  SequenceModel(const Named<V>& theta, const ModelOptions& options, const Facts& facts)
      : theta_(theta), o_(options), facts_(facts) {}

  /// Predictions for x: one, or one per step.
  Steps<V> predict(Steps<V> x) {
    const bool one = facts_.readout == Readout::last && o_.pool != "every";
    Steps<V> top = layers_of(x, one);
    if (one && top.size() != 1) top = {pooled(theta_, o_.pool, top)};
    if (o_.cell == "jordan") return top;  // its own head
    Steps<V> y;
    for (Vector<V> h : top) {
      h = activated(o_.readout_activation, h);
      if (o_.depth == "dot" || o_.depth == "dot-s" || o_.depth == "deep-output")
        h = hidden(h, "readout");
      y.push_back(theta_.affine("output.weight", "output.bias", 0, facts_.outputs, h));
    }
    return y;
  }

  /// The layers' output alone, at every step.
  Steps<V> read(const Steps<V>& x) { return recurrent(x, false); }

  std::vector<States<V>> layers;

 private:
  Steps<V> layers_of(const Steps<V>& x, bool one) {
    if (o_.architecture == "transformer") {
      const bool causal = o_.causal == "yes" || (o_.causal == "auto" && !one);
      return transformer(theta_, o_, causal, x);
    }
    if (o_.architecture == "tcn") return tcn(theta_, o_, x);
    if (facts_.rows > 0 && o_.architecture != "recurrent")
      return image_layers(theta_, o_, facts_.rows, facts_.columns, one && o_.pool == "last", x,
                          layers);
    return o_.cell == "none" ? feed_forward(x) : recurrent(x, one && o_.pool == "last");
  }

  Vector<V> hidden(Vector<V> h, const std::string& name) const {
    for (int l = 0; l < o_.deep_layers; ++l) {
      const std::string layer = name + "." + std::to_string(l) + ".";
      h = activated(o_.activation, theta_.affine(layer + "weight", layer + "bias", 0,
                                                 static_cast<int>(o_.hidden), h));
    }
    return h;
  }

  Steps<V> feed_forward(const Steps<V>& x) const {
    const int steps = o_.window > 0 ? static_cast<int>(o_.window) : facts_.length;
    Steps<V> top;
    for (int t = 0; t < static_cast<int>(x.size()); ++t) {
      Vector<V> h;
      for (int k = t - steps + 1; k <= t; ++k)
        h = beside(h, k < 0 ? Vector<V>(x.front().size(), V(0)) : x[static_cast<std::size_t>(k)]);
      for (int l = 0; l < o_.layers; ++l) {
        const std::string layer = "layers." + std::to_string(l) + ".";
        h = activated(o_.activation, theta_.affine(layer + "weight", layer + "bias", 0,
                                                   static_cast<int>(o_.hidden), h));
      }
      top.push_back(h);
    }
    return top;
  }

  Steps<V> run(const Steps<V>& x, const std::string& suffix, bool reverse) {
    Steps<V> read = x;
    if (reverse) std::reverse(read.begin(), read.end());
    States<V> states = rnnlab::reference::recurrent(theta_, o_, suffix, read);
    if (reverse) {
      std::reverse(states.h.begin(), states.h.end());
      std::reverse(states.c.begin(), states.c.end());
      std::reverse(states.y.begin(), states.y.end());
    }
    layers.push_back(states);
    return layers.back().output();
  }
  Vector<V> merged(const Vector<V>& a, const Vector<V>& b) const {
    return o_.merge == "sum" ? a + b : beside(a, b);
  }

  /// All steps of the stack's output; with `last` the one vector that has read everything.
  Steps<V> recurrent(Steps<V> x, bool last) {
    if (o_.depth == "deep-input") {
      for (Vector<V>& x_t : x) x_t = hidden(x_t, "input");
    }
    const Steps<V> input = x;
    std::vector<Steps<V>> outputs;
    for (int l = 0; l < o_.layers; ++l) {
      Steps<V> from = x;
      for (std::size_t t = 0; t < x.size() && o_.depth == "skip" && l > 0; ++t)
        from[t] = beside(input[t], x[t]);
      const std::string suffix = "_l" + std::to_string(l);
      Steps<V> forward, reverse, out;
      if (o_.direction != "reverse") forward = run(from, suffix, false);
      if (o_.direction != "forward") reverse = run(from, suffix + "_reverse", true);
      if (last && l + 1 == o_.layers) {
        // The forward direction has read everything at the end, the other one at the beginning.
        if (reverse.empty())
          out = {forward.back()};
        else if (forward.empty())
          out = {reverse.front()};
        else
          out = {merged(forward.back(), reverse.front())};
        x = {x.back()};
      } else {
        for (std::size_t t = 0; t < x.size(); ++t) {
          out.push_back(reverse.empty()   ? forward[t]
                        : forward.empty() ? reverse[t]
                                          : merged(forward[t], reverse[t]));
        }
      }
      for (std::size_t t = 0; t < out.size(); ++t) {
        if (o_.residual && out[t].size() == x[t].size()) out[t] = x[t] + out[t];
        if (o_.layer_norm) out[t] = layer_norm(theta_, "norm_l" + std::to_string(l), 0, out[t]);
      }
      outputs.push_back(out);
      x = out;
    }
    if (o_.depth != "skip" || o_.layers == 1) return x;
    Steps<V> all(x.size());
    for (const Steps<V>& out : outputs) {
      for (std::size_t t = 0; t < x.size(); ++t)
        all[t] = beside(all[t], out[out.size() - x.size() + t]);
    }
    return all;
  }

  const Named<V>& theta_;
  const ModelOptions& o_;
  const Facts& facts_;
};

/// Example b of the batch through the model, over its own steps alone.
template <class V>
SequenceResult<V> sequence(const Named<V>& theta, const ModelOptions& options, const Facts& facts,
                           const Batch& batch, int b) {
  const auto place = [&](int t) { return static_cast<std::size_t>(t * batch.B + b); };
  const int length = batch.length[static_cast<std::size_t>(b)];
  Steps<V> x;
  for (int t = 0; t < length; ++t) {
    Vector<V> x_t;
    for (std::size_t i = 0; i < static_cast<std::size_t>(facts.inputs); ++i) {
      const bool seen = !facts.once || t == 0 || options.input_at == "every-step";
      const auto at = place(facts.once ? 0 : t) * static_cast<std::size_t>(facts.inputs) + i;
      x_t.push_back(V(seen ? static_cast<double>(batch.x[at]) : 0.0));
    }
    x.push_back(x_t);
  }

  SequenceModel<V> model(theta, options, facts);
  const Steps<V> y = model.predict(x);
  SequenceResult<V> result{model.layers};
  const auto score = [&](const Vector<V>& prediction, std::size_t position, double w) {
    result.loss +=
        V(w) * (facts.loss == LossKind::mse
                    ? mean_squared_error(prediction, &batch.y[position * prediction.size()])
                    : cross_entropy(prediction, batch.label[position]));
    result.weight += w;
  };
  for (std::size_t t = 0; t < y.size(); ++t) {
    const std::size_t position = place(facts.readout == Readout::every ? static_cast<int>(t) : 0);
    // A target that is asked for at every step has its weight shared out among them.
    const float shares = facts.readout == Readout::every ? 1.0f : static_cast<float>(y.size());
    score(y[t], position, static_cast<double>(batch.weight[position] / shares));
  }
  return result;
}

}  // namespace rnnlab::reference
