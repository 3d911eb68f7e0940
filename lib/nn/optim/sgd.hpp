#pragma once

#include "nn/optim/optim.hpp"

namespace rnnlab {

/// Stochastic gradient descent with heavy-ball momentum μ (Polyak 1964), as PyTorch writes it:
///   v ← μ v + g,   θ ← θ − lr · v
template <class S>
class Sgd final : public Optimizer<S> {
 public:
  Sgd(const OptimizerOptions& o, std::size_t n)
      : Optimizer<S>(o), momentum_(static_cast<S>(o.momentum)), v_(n) {}

  std::vector<std::pair<std::string, std::span<S>>> memory() override {
    return {{"v", {v_.data(), v_.size()}}};
  }

 private:
  void prepare(std::int64_t, double lr) override { lr_ = static_cast<S>(lr); }
  void move(S* theta, const S* g, std::size_t begin, std::size_t end) override {
    S* v = v_.data();
    for (std::size_t i = begin; i < end; ++i) {
      v[i] = momentum_ * v[i] + g[i];
      theta[i] -= lr_ * v[i];
    }
  }

  S lr_ = 0, momentum_;
  Slab<S> v_;
};

}  // namespace rnnlab
