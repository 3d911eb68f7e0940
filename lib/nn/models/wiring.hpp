#pragma once

#include <array>
#include <memory>
#include <string>
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
  /// Of each recurrent layer, the nodes that read forwards and from the end; −1: none.
  std::vector<std::array<int, 2>> directions;
};

/// A part of a larger model: where its parameters are declared, under which name, and which mask of
/// dropout its first one is.
struct PartOf {
  std::shared_ptr<ParamLayout> layout;
  std::string scope;  // `encoder.`
  int first_dropout = 0;
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

/// The same up to the layers' outputs: an encoder.
template <class S>
Wiring<S> wire_encoder(const ModelOptions&, const Facts&, const PartOf&);
/// From symbols, `count` of them, to the embedding of each, with its dropout.
template <class S>
Graph<S> wire_embedding(const ModelOptions&, const Facts&, int count, const PartOf&);
/// From a sequence of `width` to the predictions; the output may be tied to the parameter
/// `tied_to`.
template <class S>
Graph<S> wire_output(const ModelOptions&, const Facts&, int width, const std::string& tied_to,
                     const PartOf&);

}  // namespace rnnlab
