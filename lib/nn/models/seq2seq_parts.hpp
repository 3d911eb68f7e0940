#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "nn/model.hpp"
#include "nn/models/bridge.hpp"
#include "nn/models/encoder.hpp"

namespace rnnlab {

/// The layers of a sequence-to-sequence model, in one layout.
template <class S>
struct Seq2seqParts {
  Seq2seqParts(const ModelOptions&, const Facts&, const std::shared_ptr<ParamLayout>&);

  std::vector<Encoder<S>> encoders;  // one or two
  Bridge<S> bridge;
  std::optional<Graph<S>> keys;       // W m, where attention compares with more than m
  std::optional<Graph<S>> embedding;  // of the decoder's symbols; else it takes them one-hot
  std::unique_ptr<Layer<S>> decoder;  // all of its layers
  Graph<S> head;                      // from the decoder's output to the predictions
  int layers = 1;
  bool attends = false;
  bool pools = false;  // the bridge reads all of an encoder's states

  // Places in the order of for_each.
  int encoder_at(std::size_t e) const { return static_cast<int>(e); }
  int bridge_at = 0, keys_at = 0, embedding_at = 0, decoder_at = 0, head_at = 0;

  /// Calls f(part) for whatever has parameters, always in the same order.
  template <class F>
  void for_each(F&& f) const {
    for (const Encoder<S>& encoder : encoders) f(encoder.graph());
    f(bridge);
    if (keys) f(*keys);
    if (embedding) f(*embedding);
    f(*decoder);
    f(head);
  }
};

}  // namespace rnnlab
