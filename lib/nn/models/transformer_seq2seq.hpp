#pragma once

#include <memory>

#include "nn/model.hpp"

namespace rnnlab {

/// Sequence to sequence without recurrence (Vaswani et al. 2017; the blocks are transformer.hpp's):
///
///   m = encoder(x), its steps seeing all of the source
///   logits of y_t = output(decoder(end_symbol, y_0 … y_{t−1}; m)_t)       (teacher forcing)
///
/// Under Batch::own_inputs as seq2seq.hpp; a choice costs a pass over what was read until then.
/// Attention's weights as they are reported are the mean over the heads of the last block's.
///
/// Parameters: encoder.*, decoder.* and output.*. Throws Error where the options do not fit.
template <class S>
std::unique_ptr<Model<S>> make_transformer_seq2seq(const ModelOptions&, const Facts&);

}  // namespace rnnlab
