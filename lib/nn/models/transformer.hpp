#pragma once

#include "nn/models/bricks.hpp"

namespace rnnlab {

/// A transformer encoder (Vaswani et al. 2017) on a node; returns its last layer's node, [T, H].
///
///   x = W x_t + b + p_t (`input`; none where the embedding is H wide), then per block
///   x = norm1(x + attention(x)), x = norm2(x + W_2 φ(W_1 x + b_1) + b_2)
///   or, norm_first: x = x + attention(norm1(x)), x = x + feed-forward(norm2(x)); `norm` at the end
///
/// Dropout as in the paper, section 5.4: after the positions and of each sub-layer's output before
/// it is added. Parameters of block l are PyTorch's TransformerEncoderLayer's under layers.l.
template <class S>
typename Graph<S>::Node add_transformer(Bricks<S>&, typename Graph<S>::Node from);

/// A transformer decoder, from the symbols that it reads to its last layer, [R, H]: the same with a
/// causal attention(x), and, between it and the feed-forward layers (whose norm is norm3),
///
///   x = norm2(x + attention(x, m)), or, norm_first: x = x + attention(norm2(x), m)
///
/// over the encoder's last layer m, which comes as AttendedSource::memory, of the task's longest
/// source at most. AttendedSource::weights receives the last block's. Parameters of block l are
/// PyTorch's TransformerDecoderLayer's.
template <class S>
Graph<S> wire_transformer_decoder(const ModelOptions&, const Facts&, const PartOf&);

}  // namespace rnnlab
