#pragma once

#include <vector>

#include "train/instrument.hpp"

namespace rnnlab {

/// How the gradient travels back through time (Bengio et al. 1994; Pascanu et al. 2013):
/// `gradients/hidden/<layer>` and, for layers with a cell state, `gradients/cell/<layer>`, each
/// [N, T] over the examples whose step t is valid:
///   norm      mean of ‖∂ℓ_b/∂s_{b,t}‖₂, the whole derivative through every later step
///   log_norm  mean of its natural logarithm; exact zeros are left out …
///   zeros     … and counted here
/// NaN where no example is left (for log_norm: where every one left is zero).
class GradientFlow final : public Instrument {
 public:
  GradientFlow(const RunShape&, Sink&);
  Needs needs() const override { return {.states = true}; }
  void observe(const StepView&) override;

 private:
  void row(Table&, const double* norms, int steps, const int* lengths, std::int64_t step);

  std::vector<int> steps_;  // of each layer
  int B_;
  std::vector<Table*> hidden_, cell_;  // per layer; cell_ null where there is none
  std::vector<std::int64_t> length_;   // [B], and zeros behind
  std::vector<double> row_;            // [3, T]
};

}  // namespace rnnlab
