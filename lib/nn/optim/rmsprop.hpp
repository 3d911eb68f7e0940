#pragma once

#include <algorithm>
#include <cmath>

#include "nn/optim/optim.hpp"

namespace rnnlab {

/// RMSProp (Tieleman and Hinton 2012), with the variants that published code differs by:
///   a ← α a + (1−α) g²,   a₀ = accumulator
///   centered: m ← α m + (1−α) g, and a − m², the variance, in place of a in what follows
///   d = √a + ε (outside),  √(a + ε) (inside),  √a (none; the step is 0 where a is)
///   v ← μ v + g / d,   θ ← θ − lr · v
/// Graves' (2013, equations 38 to 41) is centered, ε inside: α 0.95, μ 0.9, lr 1e-4, ε 1e-4; the
/// uRNN's (Arjovsky et al. 2016) has no ε: α 0.9, accumulator 1e-3.
template <class S>
class RmsProp final : public Optimizer<S> {
 public:
  RmsProp(const OptimizerOptions& o, std::size_t n)
      : Optimizer<S>(o),
        decay_(static_cast<S>(o.decay)),
        rest_(static_cast<S>(1.0 - o.decay)),
        momentum_(static_cast<S>(o.momentum)),
        outside_(static_cast<S>(o.epsilon_at == "outside" ? o.epsilon : 0.0)),
        inside_(static_cast<S>(o.epsilon_at == "inside" ? o.epsilon : 0.0)),
        a_(n),
        v_(n) {
    if (o.centered) m_ = Slab<S>(n);
    for (std::size_t i = 0; i < n; ++i) a_[i] = static_cast<S>(o.accumulator);
  }

  std::vector<std::pair<std::string, std::span<S>>> memory() override {
    std::vector<std::pair<std::string, std::span<S>>> all{{"a", {a_.data(), a_.size()}},
                                                          {"v", {v_.data(), v_.size()}}};
    if (m_.size() > 0) all.push_back({"m", {m_.data(), m_.size()}});
    return all;
  }

 private:
  void prepare(std::int64_t, double lr) override { lr_ = static_cast<S>(lr); }
  void move(S* theta, const S* g, std::size_t begin, std::size_t end) override {
    S *a = a_.data(), *v = v_.data(), *m = m_.data();
    for (std::size_t i = begin; i < end; ++i) {
      a[i] = decay_ * a[i] + rest_ * g[i] * g[i];
      S square = a[i];
      if (m) {
        m[i] = decay_ * m[i] + rest_ * g[i];
        square = std::max(square - m[i] * m[i], S{0});
      }
      const S d = std::sqrt(square + inside_) + outside_;
      v[i] = momentum_ * v[i] + (d == S{0} ? S{0} : g[i] / d);
      theta[i] -= lr_ * v[i];
    }
  }

  S lr_ = 0, decay_, rest_, momentum_, outside_, inside_;
  Slab<S> a_, v_, m_;
};

}  // namespace rnnlab
