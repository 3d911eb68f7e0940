#pragma once

#include <cmath>

#include "nn/optim/optim.hpp"

namespace rnnlab {

/// RMSProp (Tieleman and Hinton 2012), with the variants that published code differs by:
///   a ← α a + (1−α) g²,   a₀ = accumulator
///   d = √a + ε (outside),  √(a + ε) (inside),  √a (none; the step is 0 where a is)
///   v ← μ v + g / d,   θ ← θ − lr · v
template <class S>
class RmsProp final : public Optimizer<S> {
 public:
  RmsProp(const OptimizerOptions& o, std::size_t n)
      : lr_(static_cast<S>(o.lr)),
        decay_(static_cast<S>(o.decay)),
        rest_(static_cast<S>(1.0 - o.decay)),
        momentum_(static_cast<S>(o.momentum)),
        outside_(static_cast<S>(o.epsilon_at == "outside" ? o.epsilon : 0.0)),
        inside_(static_cast<S>(o.epsilon_at == "inside" ? o.epsilon : 0.0)),
        a_(n),
        v_(n) {
    for (std::size_t i = 0; i < n; ++i) a_[i] = static_cast<S>(o.accumulator);
  }

  void begin(std::int64_t) override {}
  void update(S* theta, const S* g, std::size_t begin, std::size_t end) override {
    S *a = a_.data(), *v = v_.data();
    for (std::size_t i = begin; i < end; ++i) {
      a[i] = decay_ * a[i] + rest_ * g[i] * g[i];
      const S d = std::sqrt(a[i] + inside_) + outside_;
      v[i] = momentum_ * v[i] + (d == S{0} ? S{0} : g[i] / d);
      theta[i] -= lr_ * v[i];
    }
  }
  std::vector<std::pair<std::string, std::span<S>>> memory() override {
    return {{"a", {a_.data(), a_.size()}}, {"v", {v_.data(), v_.size()}}};
  }

 private:
  S lr_, decay_, rest_, momentum_, outside_, inside_;
  Slab<S> a_, v_;
};

}  // namespace rnnlab
