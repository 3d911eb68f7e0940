#pragma once

#include <memory>

#include "nn/model.hpp"

namespace rnnlab {

/// Sequence to sequence: an encoder (two, where the task has a second source) of any cell, depth
/// and direction reads the source; a decoder of the same cell and depth writes the target, each
/// step reading the symbol before (teacher forcing; `end_symbol` at first):
///
///   m = encoder(x)                                            (Sutskever, Vinyals, Le 2014;
///   s_{−1}, c = bridge(the encoder's last states, or m)        Cho et al. 2014)
///   s_t = decoder(s_{t−1}, y_{t−1}, c, attention to m)        (nn/steps/decoder.hpp)
///   logits of y_t = output(s_t)
///
/// Under Batch::own_inputs (scheduled sampling, Bengio et al. 2015) some steps read what the model
/// itself finds likeliest, without dropout, after what was read until then; no gradient goes
/// through that choice.
///
/// Parameters: those of a sequence model's layers under `encoder.` (`encoder2.` of the second
/// source), bridge.*, decoder.* and output.*. Throws Error where the options do not fit.
template <class S>
std::unique_ptr<Model<S>> make_seq2seq_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
