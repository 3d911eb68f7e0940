#pragma once

#include <string>
#include <vector>

#include "reference/sequence.hpp"

// Encoder, attention and decoder by the textbook, one example at a time, step by step.

namespace rnnlab::reference {

template <class V>
V inner(const Vector<V>& a, const Vector<V>& b) {
  if (a.size() != b.size()) throw std::logic_error("inner product of vectors of two sizes");
  V sum(0);
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Row `symbol` of a table, or the symbol's one-hot column where there is no table.
template <class V>
Vector<V> embedded(const Named<V>& theta, int width, int count, int symbol) {
  Vector<V> x;
  for (int i = 0; i < (width > 0 ? width : count); ++i) {
    x.push_back(width > 0
                    ? theta.entry("embedding.weight", static_cast<std::size_t>(symbol * width + i))
                    : V(i == symbol ? 1.0 : 0.0));
  }
  return x;
}

template <class V>
struct Seq2seqResult {
  std::vector<States<V>> layers;   // encoder, second encoder, decoder
  std::vector<Vector<V>> weights;  // [R][T]: attention's
  Steps<V> logits;
  V loss{0};
  double weight = 0;
};

template <class V>
class Seq2seqModel {
 public:
  Seq2seqModel(const Named<V>& theta, const ModelOptions& options, const Facts& facts)
      : theta_(theta), decoder_(theta.under("decoder.")), o_(options), facts_(facts) {}

  Seq2seqResult<V> run(const Batch& batch, int b) {
    std::vector<Steps<V>> memory{read("encoder.", batch.x, batch.symbol, batch.length, batch.B, b)};
    if (facts_.second_length > 0) {
      const SecondSource& s = batch.second;
      memory.push_back(read("encoder2.", s.x, s.symbol, s.length, batch.B, b));
    }
    const int L = static_cast<int>(o_.layers);
    std::vector<Vector<V>> h(static_cast<std::size_t>(L), zeros()), c = h;
    const bool initial = o_.bridge != "none" && o_.context != "every-step";
    for (int l = 0; initial && l < L; ++l) {
      const std::string number = std::to_string(l);
      h[static_cast<std::size_t>(l)] = bridged("hidden_l" + number, l, 0, memory);
      if (has_cell(l)) c[static_cast<std::size_t>(l)] = bridged("cell_l" + number, l, 1, memory);
    }
    Vector<V> context;
    if (o_.bridge != "none" && o_.context != "initial")
      context = bridged("context", L - 1, 0, memory);

    result_.layers = encoders_;
    const std::size_t first = result_.layers.size();
    result_.layers.resize(first + static_cast<std::size_t>(L));
    Vector<V> fed = zeros();
    const int steps = batch.target_steps[static_cast<std::size_t>(b)];
    for (int t = 0; t < steps; ++t) {
      const auto place = [&](int at) { return static_cast<std::size_t>(at * batch.B + b); };
      const int before = t == 0 ? end_symbol : batch.label[place(t - 1)];
      Vector<V> x = embedded(decoder_, static_cast<int>(o_.embedding), facts_.outputs, before);
      Vector<V> attended;
      const bool early = o_.attention != "none" && o_.attention_at == "before";
      const bool late = o_.attention != "none" && o_.attention_at == "after";
      if (early) x = beside(x, attended = attention(h.back(), memory.front()));
      if (o_.input_feeding) x = beside(x, fed);
      x = beside(x, context);
      for (int l = 0; l < L; ++l) {
        const std::string suffix = "_l" + std::to_string(l);
        const auto at = static_cast<std::size_t>(l);
        const States<V> s = recurrent(
            decoder_.with("h0" + suffix, h[at]).with("c0" + suffix, c[at]), o_, suffix, {x});
        h[at] = x = s.h.back();
        if (!s.c.empty()) c[at] = s.c.back();
        result_.layers[first + at].h.push_back(h[at]);
      }
      Vector<V> out = h.back();
      if (early) out = beside(out, attended);
      if (late) {
        attended = attention(h.back(), memory.front());
        out = activated("tanh", decoder_.affine("attention.combine.weight", "", 0, H(),
                                                beside(attended, h.back())));
        fed = out;
      }
      const Vector<V> y = theta_.affine("output.weight", "output.bias", 0, facts_.outputs, out);
      result_.logits.push_back(y);
      const double w = static_cast<double>(batch.weight[place(t)]);
      result_.loss += V(w) * cross_entropy(y, batch.label[place(t)]);
      result_.weight += w;
    }
    return result_;
  }

 private:
  int H() const { return static_cast<int>(o_.hidden); }
  Vector<V> zeros() const { return Vector<V>(static_cast<std::size_t>(o_.hidden), V(0)); }
  bool has_cell(int l) const { return !encoders_[static_cast<std::size_t>(l)].c.empty(); }

  Steps<V> read(const std::string& scope, const std::vector<float>& values,
                const std::vector<std::int32_t>& symbols, const std::vector<int>& length, int B,
                int b) {
    const Named<V> theta = theta_.under(scope);
    Steps<V> x;
    for (int t = 0; t < length[static_cast<std::size_t>(b)]; ++t) {
      const auto at = static_cast<std::size_t>(t * B + b);
      if (facts_.symbols) {
        x.push_back(embedded(theta, static_cast<int>(o_.embedding), facts_.inputs, symbols[at]));
        continue;
      }
      Vector<V> x_t;
      for (std::size_t i = 0; i < static_cast<std::size_t>(facts_.inputs); ++i)
        x_t.push_back(
            V(static_cast<double>(values[at * static_cast<std::size_t>(facts_.inputs) + i])));
      x.push_back(x_t);
    }
    SequenceModel<V> encoder(theta, o_, facts_);
    Steps<V> m = encoder.read(x);
    encoders_.insert(encoders_.end(), encoder.layers.begin(), encoder.layers.end());
    return m;
  }

  /// What the bridge makes of layer l's last h (piece 0) or c (piece 1), or of all states.
  Vector<V> bridged(const std::string& name, int l, int piece,
                    const std::vector<Steps<V>>& memory) {
    Vector<V> z;
    const int directions = o_.direction == "bidirectional" ? 2 : 1;
    for (std::size_t e = 0; e < memory.size(); ++e) {
      Vector<V> of_encoder;
      if (o_.bridge == "all") {
        const std::string kind = o_.pool == "last" ? "mean" : o_.pool;
        of_encoder = pooled(theta_.under(e == 0 ? "bridge." : "bridge.second_"), kind, memory[e]);
      } else {
        for (int d = 0; d < directions; ++d) {
          const auto layer = e * static_cast<std::size_t>(o_.layers * directions) +
                             static_cast<std::size_t>(l * directions + d);
          const auto& all = piece == 0 ? encoders_[layer].h : encoders_[layer].c;
          const bool reverse = o_.direction == "reverse" || d == 1;
          const Vector<V>& last = reverse ? all.front() : all.back();
          of_encoder = of_encoder.empty()  ? last
                       : o_.merge == "sum" ? of_encoder + last
                                           : beside(of_encoder, last);
        }
      }
      z = beside(z, of_encoder);
    }
    if (o_.bridge == "last") return z;
    return activated(
        "tanh", theta_.affine("bridge." + name + ".weight", "bridge." + name + ".bias", 0, H(), z));
  }

  Vector<V> attention(const Vector<V>& h, const Steps<V>& memory) {
    using std::exp;
    using std::tanh;
    const std::string& kind = o_.attention;
    const int T = static_cast<int>(memory.size());
    V middle(0);
    const double D = static_cast<double>(o_.attention_window);
    if (kind == "local") {
      const Vector<V> u =
          activated("tanh", decoder_.affine("attention.position.weight", "", 0, H(), h));
      middle = V(T) * sigmoid(decoder_.affine("attention.position_v.weight", "", 0, 1, u)[0]);
    }
    Vector<V> e;
    std::vector<bool> inside;
    for (int s = 0; s < T; ++s) {
      const Vector<V>& m = memory[static_cast<std::size_t>(s)];
      const V off = V(s) - middle;
      inside.push_back(kind != "local" || !(V(D) < off || off < V(-D)));
      if (kind == "dot") e.push_back(inner(h, m));
      if (kind == "scaled-dot") e.push_back(inner(h, m) / V(std::sqrt(H())));
      if (kind == "general" || kind == "local")
        e.push_back(inner(h, decoder_.affine("attention.key.weight", "", 0, H(), m)));
      if (kind == "additive") {
        const Vector<V> a =
            decoder_.affine("attention.query.weight", "attention.query.bias", 0, H(), h) +
            decoder_.affine("attention.key.weight", "", 0, H(), m);
        e.push_back(decoder_.affine("attention.v.weight", "", 0, 1, activated("tanh", a))[0]);
      }
      if (kind == "local") e.back() += -(off * off) / V(2 * (D / 2) * (D / 2));
    }
    V total(0);
    for (std::size_t s = 0; s < e.size(); ++s) {
      e[s] = inside[s] ? exp(e[s]) : V(0);
      total += e[s];
    }
    Vector<V> context(memory.front().size(), V(0));
    result_.weights.emplace_back();
    for (std::size_t s = 0; s < e.size(); ++s) {
      const V alpha = e[s] / total;
      result_.weights.back().push_back(alpha);
      for (std::size_t i = 0; i < context.size(); ++i) context[i] += alpha * memory[s][i];
    }
    return context;
  }

  const Named<V> theta_, decoder_;
  const ModelOptions& o_;
  const Facts& facts_;
  std::vector<States<V>> encoders_;
  Seq2seqResult<V> result_;
};

/// Example b of the batch.
template <class V>
Seq2seqResult<V> seq2seq(const Named<V>& theta, const ModelOptions& options, const Facts& facts,
                         const Batch& batch, int b) {
  return Seq2seqModel<V>(theta, options, facts).run(batch, b);
}

}  // namespace rnnlab::reference
