#pragma once

#include <cstdint>
#include <functional>
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
  std::vector<int> steps;           // the longest time of each
  std::vector<bool> swept;          // whether each has LayerSignals::last
  int length = 0;                   // T, the longest source
  int batch = 0;                    // B
  int target_length = 0;            // R of sequence to sequence
  bool attends = false;             // whether it has attention over its source
  bool steps_scored = true;         // whether each step has a loss of its own (not with ctc)
};

/// What must be computed beside the gradient for a step's instruments; nothing asked, nothing paid.
struct Needs {
  bool states = false;      // LayerSignals::hidden and cell
  bool last = false;        // LayerSignals::last
  bool terms = false;       // LayerSignals::terms
  bool alignments = false;  // StepView::alignments

  bool any() const { return states || last || terms || alignments; }
  Needs& operator|=(const Needs& o) {
    states |= o.states;
    last |= o.last;
    terms |= o.terms;
    alignments |= o.alignments;
    return *this;
  }
};

/// What one recurrent layer shows, T the longest of its own time. [T, B] have B fastest; entries at
/// and past an example's length hold nothing. Null where it was not asked for (`cell`: or where
/// there is no cell state).
struct LayerSignals {
  const double* hidden = nullptr;  // [T, B] ‖∂ℓ_b/∂h_{b,t}‖₂
  const double* cell = nullptr;    // [T, B] ‖∂ℓ_b/∂c_{b,t}‖₂
  const double* last = nullptr;  // [T, B] ln ‖∂/∂h_{b,t}‖₂ of the last scored step's loss alone
  const double* terms = nullptr;  // [T] ‖∂⁺L/∂W_hh^(t)‖_F
  const int* length = nullptr;    // [B] steps of each example in the layer's own time
};

/// What an instrument may look at: gradients of step `step`, before clipping and before the update.
struct StepView {
  std::int64_t step = 0;
  std::span<const LayerSignals> layers;
  std::span<const int> length;              // [B]
  std::span<const int> last_length;         // [B] steps up to the last scored one; with `last`
  std::span<const double> parameter_norms;  // L2 norm of each parameter's gradient
  std::span<const int> target_steps = {};   // [B] of sequence to sequence; with `alignments`
  /// [R, B, T] attention over the source, T fastest; nothing past an example's ends.
  std::span<const double> alignments = {};
  std::function<void(std::size_t i, std::span<double> to)>
      parameter;  // copies parameter i's values
};

/// A question asked of a training step, answered by one row per step on which it is due. Changes
/// nothing and allocates nothing after its construction.
class Instrument {
 public:
  virtual ~Instrument() = default;
  virtual Needs needs() const { return {}; }
  /// Whether it is asked at `step` of a run that goes on; at the last step every one is asked.
  /// `regular`: rows are written at this step (record.every).
  virtual bool due(std::int64_t step, bool regular) const {
    (void)step;
    return regular;
  }
  virtual void observe(const StepView&) = 0;
};

/// The schedule of instruments that cost more than a step: 0, 1, 2, 4, 8, …
bool log_spaced(std::int64_t step);

}  // namespace rnnlab
