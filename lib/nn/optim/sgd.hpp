#pragma once

#include "nn/optim/optim.hpp"

namespace rnnlab {

/// Stochastic gradient descent with heavy-ball momentum μ (Polyak 1964), as PyTorch writes it:
///   v ← μ v + g,   θ ← θ − lr · v
template <class S>
class Sgd final : public Optimizer<S> {
 public:
  Sgd(const OptimizerOptions& o, std::size_t n)
      : Optimizer<S>(o), lr_(static_cast<S>(o.lr)), momentum_(static_cast<S>(o.momentum)), v_(n) {}

  void begin(std::int64_t) override {}
  std::vector<std::pair<std::string, std::span<S>>> memory() override {
    return {{"v", {v_.data(), v_.size()}}};
  }

 private:
  void move(S* theta, const S* g, std::size_t begin, std::size_t end) override {
    S* v = v_.data();
    for (std::size_t i = begin; i < end; ++i) {
      v[i] = momentum_ * v[i] + g[i];
      theta[i] -= lr_ * v[i];
    }
  }

  S lr_, momentum_;
  Slab<S> v_;
};

}  // namespace rnnlab
