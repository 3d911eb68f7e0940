#pragma once

#include <cstddef>
#include <vector>

#include "base/rng.hpp"
#include "base/view.hpp"
#include "nn/nonfinite.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// ∂L/∂y as it reaches a layer: at every step, at each example's last step, or both.
template <class S>
struct Upstream {
  Seq<const S> every{};         // p null: nothing from there
  Seq<const S> last{};          // one step: column b arrives at time length[b] − 1
  const int* length = nullptr;  // [b], with `last`
};

/// Turns a recurrent layer's backward pass into a sweep for the logarithms of norms alone: weight
/// gradients are not taken, and the adjoint is renormalised on its way, so that 0.7^400 does not
/// underflow. Column b over time t of the layer's dy and dx is value · 2^exponent[t, b].
struct LogSweep {
  double* log_hidden = nullptr;  // [T] rows of `ld`: ln ‖∂/∂h_{b,t}‖₂; −∞ where exactly zero
  int ld = 0;
  int* exponent = nullptr;           // [b], scratch
  double* factor = nullptr;          // [b, 2], scratch
  const int* dy_exponent = nullptr;  // [T, b] of dy; null: all 0
  int* dx_exponent = nullptr;        // [T, b] of the returned dx; null: not wanted
};

/// Where a recurrent layer leaves the norms ‖∂ℓ_b/∂s_{b,t}‖₂ of one shard: [T] rows of `ld`
/// examples, this shard's first one at the pointers. A null pointer: not asked for, not paid for.
struct StateTrace {
  double* hidden = nullptr;
  double* cell = nullptr;
  int ld = 0;
  const double* scale = nullptr;  // [b]: 1/w_b turns ∂L/∂s into ∂ℓ_b/∂s, w_b example b's weight
  const LogSweep* sweep = nullptr;  // if given, the pass is made for this alone
  // The factors of ∂L/∂W_hh = Σ_t Σ_b ∂L/∂a_{b,t} h_{b,t−1}ᵀ: [T, G·Hp, ld] (gates in the layer's
  // own order) and [T, H, ld], or null.
  double* da = nullptr;
  double* h_before = nullptr;
};

/// The states that b columns enter a window with and leave it with: column k's at p + k·ld, as many
/// entries as the layers' `state_size` together. With p null every column starts from zero.
template <class S>
struct CarriedState {
  S* p = nullptr;
  int ld = 0;

  CarriedState from(int offset) const { return {p ? p + offset : nullptr, ld}; }
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
  /// x [T, b, I] → y [T, b, H], which lies in the frame. Reads `packed` only. Column k starts from
  /// its carried state and leaves there what it has after its last step.
  virtual Seq<S> forward(const S* packed, Seq<const S> x, S* frame,
                         CarriedState<S> carried = {}) const = 0;
  /// Entries of one column's carried state.
  virtual int state_size() const { return 0; }
  /// Rows of StateTrace::da and h_before per step; 0 for a layer that is not recurrent.
  virtual int da_rows() const { return 0; }
  virtual int h_rows() const { return 0; }
  /// The y of the last forward with this frame.
  virtual Seq<const S> output(S* frame, int T, int b) const = 0;
  /// What the last forward with this frame computed at every step, each after what it came from.
  virtual std::vector<NamedSeq<S>> tensors(S* frame, int T, int b) const {
    return {{"y", output(frame, T, b)}};
  }
  /// After a forward with the same x and frame: slab += ∂L/∂θ; returns ∂L/∂x [T, b, I] in the
  /// frame, or an empty view if the layer was made without it.
  virtual Seq<const S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab,
                                S* frame, const StateTrace& trace) const = 0;
};

}  // namespace rnnlab
