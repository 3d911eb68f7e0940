#pragma once

#include <cmath>
#include <vector>

#include "nn/models/model_run.hpp"
#include "reference/sequence.hpp"
#include "reference/tape.hpp"

namespace rnnlab::test {

/// What a model should make of a batch.
struct Exact {
  LossSums sums;
  std::vector<double> gradient;
  std::vector<std::vector<double>> hidden;  // [layer][t·B + b]: ‖∂ℓ_b/∂h_{b,t}‖
};

/// Σ w ℓ of a batch, its gradient and its states' by the textbook and the tape.
inline Exact exact(const ModelOptions& options, const Facts& facts, const Batch& batch,
                   const std::vector<double>& theta) {
  using reference::Var;
  const auto B = static_cast<std::size_t>(batch.B);
  const auto norm = [](const reference::Vector<Var>& x) {
    double sum = 0;
    for (const Var& v : x) sum += v.adjoint() * v.adjoint();
    return std::sqrt(sum);
  };
  Exact result{{}, std::vector<double>(theta.size()), {}};
  const auto model = make_model<double>(options, facts);
  result.hidden.assign(model->traced().size(),
                       std::vector<double>(static_cast<std::size_t>(batch.T) * B));
  for (int b = 0; b < batch.B; ++b) {
    reference::Tape tape;
    reference::Vector<Var> parameters;
    for (const double v : theta) parameters.emplace_back(tape, v);
    const auto example = reference::sequence(reference::Named<Var>(model->parameters(), parameters),
                                             options, facts, batch, b);
    example.loss.seed(1);
    tape.sweep();
    for (std::size_t i = 0; i < theta.size(); ++i) result.gradient[i] += parameters[i].adjoint();
    result.sums.loss += example.loss.value();
    result.sums.weight += example.weight;
    for (std::size_t l = 0; l < result.hidden.size(); ++l) {
      const auto& h = example.layers[l].h;
      for (std::size_t t = 0; t < h.size(); ++t)
        result.hidden[l][t * B + static_cast<std::size_t>(b)] = norm(h[t]) / example.weight;
    }
  }
  return result;
}

}  // namespace rnnlab::test
