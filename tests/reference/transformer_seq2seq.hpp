#pragma once

#include <string>
#include <vector>

#include "reference/seq2seq.hpp"
#include "reference/transformer.hpp"

// The whole transformer by the equations of Vaswani et al. 2017: its decoder reads all of a target
// at once, each step seeing what stands before it and all of the encoder's last layer.

namespace rnnlab::reference {

template <class V>
class TransformerSeq2seqModel {
 public:
  TransformerSeq2seqModel(const Named<V>& theta, const ModelOptions& o, const Facts& facts)
      : theta_(theta), o_(o), facts_(facts), H_(static_cast<int>(o.hidden)) {
    for (const int n : {2, 4, 8}) {
      if (H_ % n == 0) heads_ = n;
    }
    if (o.heads > 0) heads_ = static_cast<int>(o.heads);
  }

  Seq2seqResult<V> run(const Batch& batch, int b) {
    const int E = static_cast<int>(o_.embedding);
    const auto place = [&](int t) { return static_cast<std::size_t>(t * batch.B + b); };
    Steps<V> x, z;
    for (int t = 0; t < batch.length[static_cast<std::size_t>(b)]; ++t) {
      if (facts_.symbols) {
        x.push_back(embedded(theta_.under("encoder."), E, facts_.inputs, batch.symbol[place(t)]));
        continue;
      }
      x.emplace_back();
      for (int i = 0; i < facts_.inputs; ++i)
        x.back().push_back(
            V(static_cast<double>(batch.x[place(t) * static_cast<std::size_t>(facts_.inputs) +
                                          static_cast<std::size_t>(i)])));
    }
    const int steps = batch.target_steps[static_cast<std::size_t>(b)];
    for (int t = 0; t < steps; ++t) {
      const int before = t == 0 ? end_symbol : batch.label[place(t - 1)];
      z.push_back(embedded(theta_.under("decoder."), E, facts_.outputs, before));
    }
    const Steps<V> memory = blocks(theta_.under("encoder."), x, o_.causal == "yes", nullptr);
    const Steps<V> s = blocks(theta_.under("decoder."), z, true, &memory);
    const std::string output = o_.tied ? "decoder.embedding.weight" : "output.weight";
    for (int t = 0; t < steps; ++t) {
      result_.logits.push_back(
          theta_.affine(output, "output.bias", 0, facts_.outputs, s[static_cast<std::size_t>(t)]));
      const double w = static_cast<double>(batch.weight[place(t)]);
      result_.loss += V(w) * cross_entropy(result_.logits.back(), batch.label[place(t)]);
      result_.weight += w;
    }
    return result_;
  }

 private:
  Steps<V> blocks(const Named<V>& theta, const Steps<V>& x, bool causal, const Steps<V>* memory) {
    Steps<V> h;
    for (std::size_t t = 0; t < x.size(); ++t) {
      h.push_back(o_.embedding == o_.hidden
                      ? x[t]
                      : theta.affine("input.weight", "input.bias", 0, H_, x[t]));
      for (int u = 0; u < H_; ++u) {
        V& entry = h.back()[static_cast<std::size_t>(u)];
        const double angle = static_cast<double>(t) / std::pow(10000.0, (u - u % 2) / double(H_));
        if (o_.positions == "sinusoidal")
          entry += V(u % 2 == 0 ? std::sin(angle) : std::cos(angle));
        if (o_.positions == "learned")
          entry += theta.entry("positions.weight",
                               t * static_cast<std::size_t>(H_) + static_cast<std::size_t>(u));
      }
    }
    for (int l = 0; l < o_.layers; ++l) {
      const std::string name = "layers." + std::to_string(l) + ".";
      int norm = 0;
      const auto sub_layer = [&](auto&& f) {
        const std::string its_norm = name + "norm" + std::to_string(++norm);
        const auto normed = [&](Steps<V> of) {
          for (Vector<V>& y : of) y = layer_norm(theta, its_norm, 0, y);
          return of;
        };
        const Steps<V> y = f(o_.norm_first ? normed(h) : h);
        for (std::size_t t = 0; t < h.size(); ++t) h[t] = h[t] + y[t];
        if (!o_.norm_first) h = normed(h);
      };
      sub_layer([&](const Steps<V>& of) {
        return multihead(theta, name + "self_attn.", heads_, causal, of, of);
      });
      if (memory) {
        sub_layer([&](const Steps<V>& of) {
          if (l + 1 == o_.layers) note_weights(theta, name + "multihead_attn.", of, *memory);
          return multihead(theta, name + "multihead_attn.", heads_, false, of, *memory);
        });
      }
      sub_layer([&](Steps<V> of) {
        const int F = theta.rows(name + "linear1.weight");
        for (Vector<V>& y : of) {
          y = activated(o_.activation,
                        theta.affine(name + "linear1.weight", name + "linear1.bias", 0, F, y));
          y = theta.affine(name + "linear2.weight", name + "linear2.bias", 0, H_, y);
        }
        return of;
      });
    }
    for (Vector<V>& y : h) {
      if (o_.norm_first) y = layer_norm(theta, "norm", 0, y);
    }
    return h;
  }

  /// The mean over the heads of each query's weights.
  void note_weights(const Named<V>& theta, const std::string& name, const Steps<V>& queries,
                    const Steps<V>& memory) {
    using std::exp;
    const int d = H_ / heads_;
    for (const Vector<V>& query : queries) {
      Vector<V> mean(memory.size(), V(0));
      for (int head = 0; head < heads_; ++head) {
        const auto projected = [&](int which, const Vector<V>& of) {
          return theta.affine(name + "in_proj_weight", name + "in_proj_bias", which * H_ + head * d,
                              d, of);
        };
        Vector<V> e;
        V total(0);
        for (const Vector<V>& m : memory) {
          e.push_back(exp(inner(projected(0, query), projected(1, m)) / V(std::sqrt(d))));
          total += e.back();
        }
        for (std::size_t s = 0; s < e.size(); ++s) mean[s] += e[s] / total / V(heads_);
      }
      result_.weights.push_back(mean);
    }
  }

  const Named<V> theta_;
  const ModelOptions& o_;
  const Facts& facts_;
  const int H_;
  int heads_ = 1;
  Seq2seqResult<V> result_;
};

}  // namespace rnnlab::reference
