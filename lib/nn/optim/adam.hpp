#pragma once

#include <cmath>

#include "nn/optim/optim.hpp"

namespace rnnlab {

/// Adam (Kingma and Ba 2015) with both bias corrections, ε outside the root as in PyTorch:
///   m ← β₁ m + (1−β₁) g,   v ← β₂ v + (1−β₂) g²
///   θ ← θ − lr/(1−β₁ᵗ) · m / (√v / √(1−β₂ᵗ) + ε),   t = 1, 2, …
template <class S>
class Adam final : public Optimizer<S> {
 public:
  Adam(const OptimizerOptions& o, std::size_t n) : Optimizer<S>(o), o_(o), m_(n), v_(n) {}

  std::vector<std::pair<std::string, std::span<S>>> memory() override {
    return {{"m", {m_.data(), m_.size()}}, {"v", {v_.data(), v_.size()}}};
  }

 private:
  void prepare(std::int64_t step, double lr) override {
    const double t = static_cast<double>(step + 1);
    rate_ = static_cast<S>(lr / (1.0 - std::pow(o_.beta1, t)));
    correction_ = static_cast<S>(1.0 / std::sqrt(1.0 - std::pow(o_.beta2, t)));
  }
  void move(S* theta, const S* g, std::size_t begin, std::size_t end) override {
    const S beta1 = static_cast<S>(o_.beta1), rest1 = static_cast<S>(1.0 - o_.beta1);
    const S beta2 = static_cast<S>(o_.beta2), rest2 = static_cast<S>(1.0 - o_.beta2);
    const S epsilon = static_cast<S>(o_.epsilon);
    S *m = m_.data(), *v = v_.data();
    for (std::size_t i = begin; i < end; ++i) {
      m[i] = beta1 * m[i] + rest1 * g[i];
      v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
      theta[i] -= rate_ * m[i] / (std::sqrt(v[i]) * correction_ + epsilon);
    }
  }

  OptimizerOptions o_;
  S rate_ = 0, correction_ = 0;
  Slab<S> m_, v_;
};

}  // namespace rnnlab
