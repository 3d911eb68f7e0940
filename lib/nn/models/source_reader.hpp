#pragma once

#include <algorithm>

#include "nn/models/seq2seq_forward.hpp"
#include "nn/source_decoder.hpp"

namespace rnnlab {

/// A sequence-to-sequence model as decoding uses it: the source read once, and what attention reads
/// of it repeated for each hypothesis.
template <class S>
class SourceReader final : public SourceDecoder<S> {
 public:
  explicit SourceReader(const Seq2seqForward<S>& model) : model_(model) {}
  std::size_t state_size() const override {
    return static_cast<std::size_t>(model_.parts().decoder->state_size());
  }
  std::size_t frame_size(int T, int T2, int k) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, T2, k); });
  }
  void read(const S* packed, const Batch& one, int k, S* memory, S* state) const override;
  Seq<S> step(const S* packed, const Batch& one, int k, const std::int32_t* symbols, S* states,
              S* memory) const override {
    const Hypotheses h = carve(memory, one, k);
    return model_.step(packed, h.source, symbols, k, states, h.step);
  }
  Seq<const S> alignment(const Batch& one, int k, S* memory) const override {
    if (!model_.parts().attends) return {};
    const Hypotheses h = carve(memory, one, k);
    return {h.step.weights, 1, k, one.T, Seq2seqForward<S>::ld_weights(one.T)};
  }

 private:
  struct Hypotheses {
    typename Seq2seqForward<S>::Frame one;  // of the source
    typename Seq2seqForward<S>::StepFrame step;
    AttendedSource<S> source;  // the same for each of k
    int* length;
  };
  Hypotheses frame(Carver<S>& c, int T, int T2, int k) const {
    Hypotheses h{};
    h.one = model_.frame(c, {T, T2}, 1, 1, 1);
    h.step = model_.step_frame(c, T, k);
    const int M = model_.parts().encoders[0].width(), ld = round_up(M, lanes<S>);
    const int A = model_.ld_keys();
    h.length = take_ints(c, static_cast<std::size_t>(k));
    S* const memory = c.take(model_.parts().attends ? size(T, k, ld) : 0);
    S* const keys = model_.parts().keys ? c.take(size(T, k, A)) : memory;
    h.source.memory = {memory, T, k, M, ld, h.length};
    h.source.keys = {keys, T, k, A, A, h.length};
    h.source.weights = h.step.weights;
    h.source.ld = Seq2seqForward<S>::ld_weights(T);
    h.source.scratch = h.step.scratch;
    return h;
  }
  Hypotheses carve(S* memory, const Batch& one, int k) const {
    Carver<S> carver(memory);
    return frame(carver, one.T, one.second.T, k);
  }
  const Seq2seqForward<S>& model_;
};

template <class S>
void SourceReader<S>::read(const S* packed, const Batch& one, int k, S* memory, S* state) const {
  const Hypotheses h = carve(memory, one, k);
  model_.read(packed, one, h.one);
  std::copy_n(h.one.start, state_size(), state);
  if (!model_.parts().attends) return;
  const AttendedSource<S> source = model_.attended(one, h.one);
  std::fill_n(h.length, k, one.length.front());
  const auto repeat = [&](const Seq<const S>& from, const Seq<const S>& to) {
    for (int t = 0; t < from.T; ++t) {
      for (int j = 0; j < k; ++j) std::copy_n(from.at(t), from.ld, const_cast<S*>(to.at(t, j)));
    }
  };
  repeat(source.memory, h.source.memory);
  if (model_.parts().keys) repeat(source.keys, h.source.keys);
}

}  // namespace rnnlab
