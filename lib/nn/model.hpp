#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "data/batch.hpp"
#include "nn/layer.hpp"
#include "nn/losses/loss.hpp"
#include "nn/options.hpp"
#include "nn/params.hpp"
#include "nn/source_decoder.hpp"

namespace rnnlab {

/// A recurrent layer whose states' gradients can be traced.
struct TracedLayer {
  std::string name;         // `layers.0.forward`
  bool cell_state = false;  // whether it has a c besides its h
  int da_rows = 0;          // rows of StateTrace::da and h_before
  int h_rows = 0;
  bool regularized = false;  // whether StateTrace::omega does anything
  /// Whose steps it counts: those of the batch, of its second source, or of its targets.
  enum Time { source, second_source, target } time = source;
};

/// Layers and loss wired together, seen one shard at a time as a Layer is; see there for packed,
/// slab and frame. Immutable: one model serves all threads.
template <class S>
class Model {
 public:
  virtual ~Model() = default;
  virtual const ParamLayout& parameters() const = 0;
  virtual const std::vector<TracedLayer>& traced() const = 0;
  /// The names of all layers, in the order of computation.
  virtual std::vector<std::string> layers() const = 0;
  virtual void initialize(Key, S* theta) const = 0;

  virtual std::size_t packed_size() const = 0;
  virtual void pack(const S* theta, S* packed) const = 0;
  virtual std::size_t slab_size() const = 0;
  virtual void unpack(const S* theta, const S* slab, S scale, S* gradient) const = 0;
  virtual std::size_t frame_size(int T, int b) const = 0;

  /// Entries of one column's carried state.
  virtual int state_size() const = 0;

  /// The predictions [R, b, O] of a shard, in the frame: values, or logits of the classes.
  virtual Seq<S> predict(const S* packed, const Batch&, S* frame,
                         CarriedState<S> carried = {}) const = 0;
  /// The sums of loss and metric over the shard.
  virtual LossSums evaluate(const S* packed, const Batch&, S* frame,
                            CarriedState<S> carried = {}) const = 0;
  /// The same, and slab += ∂(Σ w ℓ)/∂θ, the state that was carried in taken as given. `traces`: one
  /// per traced layer, or empty.
  virtual LossSums train(const S* packed, const Batch&, S* slab, S* frame,
                         std::span<const StateTrace> traces,
                         CarriedState<S> carried = {}) const = 0;

  /// The first value that is not finite in a shard: in the batch, then layer by layer in what
  /// `predict` with the same batch and frame has left there, …
  virtual std::optional<NonFinite> nonfinite_forward(const Batch&, S* frame) const = 0;
  /// … or, after `train`, in the gradient that the loss sends to the predictions.
  virtual std::optional<NonFinite> nonfinite_at_loss(const Batch&, S* frame) const = 0;

  /// After `train` with the same batch and frame: the logarithms of ‖∂ℓ/∂h_{b,t}‖ of each example's
  /// last scored step alone, one LogSweep per traced layer. `length` [b] receives the number of
  /// steps up to that one, 0 for an example without any. `slab` is scratch.
  virtual void sweep_last(const S* packed, const Batch&, S* slab, S* frame,
                          std::span<LogSweep> sweeps, int* length) const = 0;

  /// Sequence to sequence: the model as decoding uses it; else null.
  virtual const SourceDecoder<S>* decoder() const { return nullptr; }
  /// … and whether its decoder attends to the source.
  virtual bool attends() const { return false; }
  /// Sequence to sequence: after `predict`, `evaluate` or `train` with the same batch and frame,
  /// the attention weights [R, b, T]; p null where there is no attention.
  virtual Seq<const S> alignments(const Batch&, S* /*frame*/) const { return {}; }
};

/// The model that the options describe, for a task of these facts. Throws Error where they do not
/// fit together.
template <class S>
std::unique_ptr<Model<S>> make_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
