#pragma once

#include <cstddef>
#include <cstdint>

#include "base/view.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// A sequence-to-sequence model as decoding uses it: one source, several hypotheses of its target,
/// each lengthened symbol by symbol. Immutable; what it knows of the source lies in `frame`, what
/// it knows of a hypothesis in a state of `state_size()` entries that may be copied at will.
template <class S>
class SourceDecoder {
 public:
  virtual ~SourceDecoder() = default;

  /// Entries of a hypothesis' state.
  virtual std::size_t state_size() const = 0;
  /// For a source of T steps, a second one of T2, and k hypotheses at once.
  virtual std::size_t frame_size(int T, int T2, int k) const = 0;

  /// Reads the source (and the second one) of a batch of one column; `state` receives the empty
  /// hypothesis.
  virtual void read(const S* packed, const Batch& one, int k, S* frame, S* state) const = 0;

  /// Lengthens k hypotheses, states [k, state_size()], each by a symbol: `end_symbol` for the empty
  /// one, else the one that was chosen last. Returns the logits [1, k, O] of the symbols after it,
  /// valid until the next call. REQUIRES: the batch, k and frame of `read`; at most
  /// Facts::target_length calls per hypothesis.
  virtual Seq<S> step(const S* packed, const Batch& one, int k, const std::int32_t* symbols,
                      S* states, S* frame) const = 0;

  /// The attention weights of the last `step` over the source's steps: [1, k, T], each column
  /// summing to 1; p null where the model has no attention.
  virtual Seq<const S> alignment(const Batch& one, int k, S* frame) const = 0;
};

}  // namespace rnnlab
