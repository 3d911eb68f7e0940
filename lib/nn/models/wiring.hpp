#pragma once

#include <vector>

#include "data/batch.hpp"
#include "nn/model.hpp"
#include "nn/models/graph.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// A sequence model's layers, and which of them are recurrent.
template <class S>
struct Wiring {
  Graph<S> graph;
  std::vector<TracedLayer> traced;
};

/// From the inputs to the predictions, in this order, each only where the options ask for it:
///
///   embedding · an architecture of its own (transformer.hpp, tcn.hpp, images.hpp), else
///   window (feed-forward) or deep input
///   per layer: forward and reverse reading, merged · + its input (residual) · layer norm · dropout
///   all layers' outputs side by side (skip) · pool · dropout · activation · deep output · `output`
///
/// Throws Error where options do not fit together or do not fit the task, naming what does.
template <class S>
Wiring<S> wire(const ModelOptions&, const Facts&);

}  // namespace rnnlab
