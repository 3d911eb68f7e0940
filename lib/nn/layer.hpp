#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/rng.hpp"
#include "base/view.hpp"
#include "data/batch.hpp"
#include "nn/nonfinite.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// What an attending layer reads besides its input, b columns as there: a source with a time of its
/// own, as memory and as the keys that queries are compared with.
template <class S>
struct AttendedSource {
  Seq<const S> memory;   // [T', b, M]; its `length`, if any, says where each column ends
  Seq<const S> keys;     // [T', b, A]
  S* weights = nullptr;  // [T, b, ld]: receives the attention weights of step t; zero past the end
  int ld = 0;
  S* scratch = nullptr;  // Attend::scratch_size(T')
  Seq<S> d_memory{}, d_keys{};  // what backward adds ∂L/∂memory and ∂L/∂keys to; p null: not wanted
};

/// ∂L/∂y as it reaches a layer: at every step, at each example's last step, or both; and what comes
/// and goes beside y.
template <class S>
struct Upstream {
  Seq<const S> every{};         // p null: nothing from there
  Seq<const S> last{};          // one step: column b arrives at time length[b] − 1
  const int* length = nullptr;  // [b], with `last`
  /// In a sweep, [T, b]: column b of `every` at time t is value · 2^exponent[t, b]. Null: all 0.
  const int* exponent = nullptr;
  /// [b]: `every` and `exponent` run against the layer's time, each column about its end; null:
  /// with it. Only for layers that take `last`.
  const int* turned = nullptr;

  /// Columns laid out as CarriedState, `state_ld` apart, of recurrent layers: ∂L/∂(the state that
  /// is carried out), and of step programs room for ∂L/∂(the state carried in). Not in sweeps.
  const S* left = nullptr;
  S* entered = nullptr;
  int state_ld = 0;
  const AttendedSource<S>* source = nullptr;  // the forward pass'

  /// The step of `every` at which column b has what belongs to the layer's step t.
  int step(int t, int b) const { return turned && t < turned[b] ? turned[b] - 1 - t : t; }
};

/// The exponent of a column that is exactly zero.
inline constexpr int nothing = std::numeric_limits<int>::min() / 4;

/// Turns a recurrent layer's backward pass into a sweep for the logarithms of norms alone: weight
/// gradients are not taken, and the adjoint is renormalised on its way, so that 0.7^400 does not
/// underflow. What comes in and what is returned have the exponents of `Upstream`.
struct LogSweep {
  double* log_hidden = nullptr;  // [T] rows of `ld`: ln ‖∂/∂h_{b,t}‖₂; −∞ where exactly zero
  int ld = 0;
  int* exponent = nullptr;   // [b], scratch
  double* factor = nullptr;  // [b, 2], scratch
};

/// Asks a recurrent layer for a regulariser of its recurrent weights that keeps the gradient's norm
/// on its way back through time (Pascanu, Mikolov, Bengio 2013, equations 9 and 10):
///
///   Ω_b = Σ_t (‖δ_{t+1} ∂h_{t+1}/∂h_t‖ / ‖δ_{t+1}‖ − 1)²,   δ_t = ∂ℓ_b/∂h_{b,t}
///
/// over pairs of steps of the sequence, those with ‖δ_{t+1}‖² < 1e-20 left out. In a cell that has
/// a c the numerator is all that reaches h_t from the step after it. The slab receives Σ_b weight_b
/// · strength · ∂⁺Ω_b/∂W_hh, the immediate derivative: states and δ are held constant.
struct Omega {
  double strength = 0;
  const double* weight = nullptr;  // [b]
  double* value = nullptr;         // [b]: Ω_b is added
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
  const Omega* omega = nullptr;      // if given, with `scale`
  const StateTrace* next = nullptr;  // of the layer's next state, where it has several (a decoder)
};

/// The states that b columns enter a window with and leave it with: column k's at p + k·ld, as many
/// entries as the layers' `state_size` together. With p null every column starts from its first
/// state.
template <class S>
struct CarriedState {
  S* p = nullptr;
  int ld = 0;
  const bool* fresh = nullptr;  // [b]: columns that start from their first state all the same
  int leave_after = 0;  // the state after so many steps is carried out; 0: after each column's last

  CarriedState from(int offset) const { return {p ? p + offset : nullptr, ld, fresh, leave_after}; }
  bool enters(int column) const { return p && !(fresh && fresh[column]); }
};

/// What a forward pass is given besides weights and input.
template <class S>
struct Pass {
  CarriedState<S> carried{};
  NoiseKey noise{};
  const AttendedSource<S>* source = nullptr;
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
  /// gradient += scale · slab, in θ's layout; what was packed as a function of θ is differentiated
  /// at this θ.
  virtual void unpack(const S* theta, const S* slab, S scale, S* gradient) const = 0;

  /// Whether y is one step per example, whatever the length of x.
  virtual bool pools() const { return false; }
  /// y has T / shrinks() steps, where it does not pool.
  virtual int shrinks() const { return 1; }

  /// For x of T steps.
  virtual std::size_t frame_size(int T, int b) const = 0;
  /// x [T, b, I] → y [T, b, H], which lies in the frame. Reads `packed` only. Column k starts from
  /// its carried state, if any, and leaves there what it has after its last step.
  virtual Seq<S> forward(const S* packed, Seq<const S> x, S* frame,
                         const Pass<S>& pass = {}) const = 0;
  /// Entries of one column's carried state …
  virtual int state_size() const { return 0; }
  /// … and where h (piece 0) and c (piece 1) of traced state `state`, and what a decoder reads at
  /// every step (piece 2), stand in it; −1: nowhere.
  virtual int state_at(int /*state*/, int /*piece*/) const { return -1; }
  /// Whether it knows StateTrace::omega.
  virtual bool regularizes() const { return false; }
  /// Rows of StateTrace::da and h_before per step; 0 for a layer that is not recurrent.
  virtual int da_rows(int /*state*/ = 0) const { return 0; }
  virtual int h_rows(int /*state*/ = 0) const { return 0; }
  /// The y of the last forward with this frame.
  virtual Seq<const S> output(S* frame, int T, int b) const = 0;
  /// What the last forward with this frame computed at every step, each after what it came from.
  virtual std::vector<NamedSeq<S>> tensors(S* frame, int T, int b) const {
    return {{"y", output(frame, T, b)}};
  }
  /// Whether backward knows what to do with `Upstream::last` and `turned`; all know `every`.
  virtual bool takes_last() const { return false; }
  /// After a forward with the same x and frame: slab += ∂L/∂θ; returns ∂L/∂x [T, b, I] in the
  /// frame, or nothing if the layer was made without it.
  virtual Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab,
                               S* frame, const StateTrace& trace) const = 0;
};

}  // namespace rnnlab
