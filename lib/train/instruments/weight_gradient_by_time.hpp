#pragma once

#include <vector>

#include "train/instrument.hpp"

namespace rnnlab {

/// `gradients/weight_by_time/<layer>`: BPTT's sum ∂L/∂W_hh = Σ_t ∂⁺L/∂W_hh^(t), term by term
/// (Pascanu et al. 2013, eq. 3): norm [N, T], the Frobenius norm of the part that step t's use of
/// W_hh contributes, summed over the batch. Keeps T·B·(G+1)·H numbers per layer.
class WeightGradientByTime final : public Instrument {
 public:
  WeightGradientByTime(const RunShape&, Sink&);
  Needs needs() const override { return {.terms = true}; }
  void observe(const StepView&) override;

 private:
  std::vector<int> steps_;      // of each layer
  std::vector<Table*> tables_;  // per layer
};

}  // namespace rnnlab
