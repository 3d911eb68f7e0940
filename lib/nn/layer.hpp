#pragma once

#include <cstddef>

#include "base/rng.hpp"
#include "base/view.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// ∂L/∂y as it reaches a layer: at every step, at each example's last step, or both.
template <class S>
struct Upstream {
  Seq<const S> every{};         // p null: nothing from there
  Seq<const S> last{};          // one step: column b arrives at time length[b] − 1
  const int* length = nullptr;  // [b], with `last`
};

/// Where a recurrent layer leaves the norms ‖∂ℓ_b/∂s_{b,t}‖₂ of one shard: [T] rows of `ld`
/// examples, this shard's first one at the pointers. A null pointer: not asked for, not paid for.
struct StateTrace {
  double* hidden = nullptr;
  double* cell = nullptr;
  int ld = 0;
  const double* scale = nullptr;  // [b]: 1/w_b turns ∂L/∂s into ∂ℓ_b/∂s, w_b example b's weight
};

/// One layer, seen one shard at a time: b columns over T steps. Immutable once declared; all state
/// between forward and backward lies in `frame`, which the caller owns, so shards can run anywhere.
///
/// Three slabs per layer, beside θ and its gradient in PyTorch's layout:
///   packed   θ as the products want it, made once per update and read by every shard
///   slab     a shard's gradient in the layout that the products write; summed over shards in order
///   frame    activations kept for backward, and scratch
template <class S>
class Layer {
 public:
  virtual ~Layer() = default;

  virtual void declare(ParamLayout&) = 0;
  /// Initial values: parameter k of the layout is a function of (key, k) alone.
  virtual void initialize(Key, S* theta) const = 0;

  virtual std::size_t packed_size() const = 0;
  virtual void pack(const S* theta, S* packed) const = 0;

  virtual std::size_t slab_size() const = 0;
  /// gradient += scale · slab, in θ's layout.
  virtual void unpack(const S* slab, S scale, S* gradient) const = 0;

  virtual std::size_t frame_size(int T, int b) const = 0;
  /// x [T, b, I] → y [T, b, H], which lies in the frame. Reads `packed` only.
  virtual Seq<S> forward(const S* packed, Seq<const S> x, S* frame) const = 0;
  /// After a forward with the same x and frame: slab += ∂L/∂θ; returns ∂L/∂x [T, b, I] in the
  /// frame, or an empty view if the layer was made without it.
  virtual Seq<const S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab,
                                S* frame, const StateTrace& trace) const = 0;
};

}  // namespace rnnlab
