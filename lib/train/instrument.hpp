#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/listing.hpp"
#include "nn/params.hpp"
#include "record/sink.hpp"

namespace rnnlab {

/// What can be known of a run before its first step.
struct RunShape {
  const ParamLayout& parameters;
  std::vector<std::string> layers;  // recurrent layers: `layers.0.forward`
  std::vector<bool> cell_state;     // whether each has a c besides its h
  int length = 0;                   // T, the longest
  int batch = 0;                    // B
};

/// Norms ‖∂ℓ_b/∂s_{b,t}‖₂ of one layer's states, [T, B] with B fastest; entries at and past an
/// example's length hold nothing. `cell` is null for layers without.
struct LayerSignals {
  const double* hidden = nullptr;
  const double* cell = nullptr;
};

/// What an instrument may look at: gradients of step `step`, before clipping and before the update.
struct StepView {
  std::int64_t step = 0;
  std::span<const LayerSignals> layers;     // empty unless some instrument needs states' gradients
  std::span<const int> length;              // [B]
  std::span<const double> parameter_norms;  // L2 norm of each parameter's gradient
};

/// A question asked of a training step, answered by one row per recorded step. Changes nothing and
/// allocates nothing after its construction.
class Instrument {
 public:
  virtual ~Instrument() = default;
  /// Whether `StepView::layers` must be filled in on recorded steps.
  virtual bool needs_state_gradients() const { return false; }
  virtual void observe(const StepView&) = 0;
};

}  // namespace rnnlab
