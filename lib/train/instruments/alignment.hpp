#pragma once

#include "train/instrument.hpp"

namespace rnnlab {

/// Where attention looks, in a number each: `alignment`, of sequence to sequence with attention.
/// Over all target symbols of the batch but the end symbols, with a_r the weights at step r of a
/// target whose source has T steps, and t_r the step where a_r is largest (the first of several):
///   diagonal      share of the steps with |t_r − r| ≤ 1: the source is read as the target is
///                 written
///   antidiagonal  share of the steps with |t_r − (T − 1 − r)| ≤ 1: it is read backwards
///   entropy       mean of −Σ_t a_rt ln a_rt: ln T where attention is spread evenly, 0 where it is
///                 on one step
class Alignment final : public Instrument {
 public:
  /// Throws Error(usage) if the model has no attention over a source.
  Alignment(const RunShape&, Sink&);
  Needs needs() const override { return {.alignments = true}; }
  void observe(const StepView&) override;

 private:
  int T_, B_;
  Table* table_;
};

/// `alignment/example`: weights [N, R, T] of the batch's first example, NaN past the ends of its
/// target and its source. On a log-spaced schedule.
class AlignmentExample final : public Instrument {
 public:
  /// Throws Error(usage) if the model has no attention over a source.
  AlignmentExample(const RunShape&, Sink&);
  Needs needs() const override { return {.alignments = true}; }
  bool due(std::int64_t step, bool) const override { return log_spaced(step); }
  void observe(const StepView&) override;

 private:
  int T_, R_, B_;
  Table* table_;
  std::vector<double> row_;  // [R, T]
};

}  // namespace rnnlab
