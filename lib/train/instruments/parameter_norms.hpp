#pragma once

#include "train/instrument.hpp"

namespace rnnlab {

/// `gradients/parameters`: the L2 norm of each parameter's gradient before clipping.
class ParameterNorms final : public Instrument {
 public:
  ParameterNorms(const RunShape&, Sink&);
  void observe(const StepView& view) override { table_->row(view.step, view.parameter_norms); }

 private:
  Table* table_;
};

}  // namespace rnnlab
