#pragma once

#include <algorithm>
#include <span>

#include "base/arena.hpp"
#include "nn/models/wiring.hpp"

namespace rnnlab {

/// One encoder of a sequence-to-sequence model with its share of a shard's memory.
template <class S>
class Encoder {
 public:
  /// A source, in the batch's own memory.
  struct Source {
    int T;
    const float* x;
    const std::int32_t* symbol;
    const int* length;
  };
  struct Frame {
    S* x;         // [T, b, I], where the source's own cannot be read
    bool* fresh;  // [b]: all true
    S* state;     // [b, state_size]: what each layer's last step has left
    S* left;      // [b, state_size]: the gradient by it
    S* graph;
    S* d_memory;  // [T, b, ld]: the gradient by all states
  };

  Encoder(Wiring<S> wiring, const Facts& facts)
      : wiring_(std::move(wiring)), inputs_(facts.inputs), symbols_(facts.symbols) {}

  Graph<S>& graph() { return wiring_.graph; }
  const Graph<S>& graph() const { return wiring_.graph; }
  const Wiring<S>& wiring() const { return wiring_; }
  int width() const { return graph().width(graph().last()); }
  int state_size() const { return graph().state_size(); }

  Frame frame(Carver<S>& c, int T, int b) const {
    Frame f{};
    f.x = c.take(converts() ? size(T, b, inputs_) : 0);
    f.fresh = take_objects<bool>(c, size(1, b));
    f.state = c.take(size(b, state_size()));
    f.left = c.take(size(b, state_size()));
    f.graph = c.take(graph().frame_size(T, b));
    f.d_memory = c.take(size(T, b, round_up(width(), lanes<S>)));
    return f;
  }

  /// What the graph reads.
  Seq<const S> input(const Source& source, int b, const Frame& f) const {
    Seq<const S> x{f.x, source.T, b, inputs_, inputs_, source.length};
    if (symbols_) {
      x.p = nullptr;
      x.symbol = source.symbol;
    } else if constexpr (std::is_same_v<S, float>) {
      x.p = source.x;
    }
    return x;
  }

  /// Reads the source: returns its states m [T, b, M].
  Seq<const S> forward(const S* packed, const Source& source, int b, const Frame& f,
                       const NoiseKey& noise) const {
    if (converts()) std::copy_n(source.x, size(source.T, b, inputs_), f.x);
    std::fill_n(f.fresh, b, true);
    const CarriedState<S> carried{.p = f.state, .ld = state_size(), .fresh = f.fresh};
    Seq<const S> m = graph().forward(packed, input(source, b, f), f.graph, {carried, noise});
    m.length = source.length;
    return m;
  }
  Seq<const S> memory(const Source& source, int b, const Frame& f) const {
    Seq<const S> m = graph().output(input(source, b, f), f.graph);
    m.length = source.length;
    return m;
  }
  /// Zeroed room for the gradients.
  Seq<S> clear_gradients(int T, int b, const Frame& f) const {
    const int ld = round_up(width(), lanes<S>);
    std::fill_n(f.left, size(b, state_size()), S{0});
    std::fill_n(f.d_memory, size(T, b, ld), S{0});
    return {f.d_memory, T, b, width(), ld};
  }
  /// From f.left and, if `all`, f.d_memory.
  void backward(const S* packed, const Source& source, int b, const Frame& f, bool all, S* slab,
                std::span<const StateTrace> traces) const {
    Upstream<S> up{.left = f.left, .state_ld = state_size()};
    if (all)
      up.every = {f.d_memory, source.T, b, width(), round_up(width(), lanes<S>), source.length};
    graph().backward(packed, input(source, b, f), up, slab, f.graph, traces);
  }

 private:
  bool converts() const { return !symbols_ && !std::is_same_v<S, float>; }

  Wiring<S> wiring_;
  int inputs_;
  bool symbols_;
};

}  // namespace rnnlab
