#pragma once

#include <vector>

#include "train/instrument.hpp"

namespace rnnlab {

/// `gradients/last/<layer>`: how far one error reaches back. Of each example's last scored step's
/// loss alone, by lag k = T_b − t (1 is the step that is scored, T_b its number of steps):
///   log_norm  mean over the examples of ln ‖∂ℓ_{b,T_b}/∂h_{b,T_b−k}‖₂
/// A loss at every step hides what vanishes behind what is near; this one does not. The sweep is
/// one of its own, its adjoint renormalised on the way (0.7^400 is no underflow), on a log-spaced
/// schedule. NaN past every example's beginning; −∞ where every gradient is exactly zero.
/// Refuses a loss of whole sequences (ctc).
class GradientFlowLast final : public Instrument {
 public:
  GradientFlowLast(const RunShape&, Sink&);
  Needs needs() const override { return {.last = true}; }
  bool due(std::int64_t step, bool) const override { return log_spaced(step); }
  void observe(const StepView&) override;

 private:
  std::vector<int> steps_;  // of each layer
  int B_;
  std::vector<Table*> tables_;  // per layer
  std::vector<double> row_;     // [T]
};

}  // namespace rnnlab
