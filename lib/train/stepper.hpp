#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "base/phases.hpp"
#include "base/state.hpp"
#include "data/task.hpp"
#include "exec/pool.hpp"
#include "nn/model.hpp"
#include "nn/optim/gradient_norms.hpp"
#include "nn/optim/optim.hpp"
#include "train/instrument.hpp"
#include "train/options.hpp"
#include "train/sampler.hpp"
#include "train/shards.hpp"
#include "train/stream_walk.hpp"

namespace rnnlab {

/// In how many pieces a stream is evaluated, and how many windows before its own ones each reads to
/// come to a state. Part of the code's `numerics`.
inline constexpr int stream_pieces = 32, stream_warm_up = 4;

/// What one step's gradient says.
struct StepResult {
  bool scored = true;  // else no target was in the step's cut; loss and metric mean nothing
  double loss = 0;     // as train.reduction has it
  double metric = 0;   // mean over the scored positions
  double sequence_accuracy = 0;  // Facts::whole_sequences(): of the batch's examples
  double grad_norm = 0;          // global L2 norm before clipping
  double omega = 0;    // the regulariser's mean over examples, where train.omega asks for it
  bool finite = true;  // loss and norm
};

/// One training step at a time, without schedule or record:
///
///   shard s:  draw, forward, loss, backward  → slab_s        in parallel, any thread
///   slab_0 += slab_1 += …                                    in the order of the shards
///   g = slab_0 / Σw, 0 where θ is not trained,   clip,   update θ,   pack θ
///
/// so that parameters after any step are the same bytes for any number of threads. After
/// construction nothing is allocated.
///
/// With `train.truncate` a step sees so many time steps of its examples, the next step the ones
/// after them, from the state that the last one left; in a task that is one long sequence (a
/// stream) the state goes on from window to window. With `train.stride` these windows begin so many
/// steps apart:
///
///   stride < truncate   they overlap; a step's state is carried on from `stride` steps into its
///                       window, and only what no window before it has seen is scored
///   stride > truncate   the steps between are run through first, with the parameters that there
///   are
template <class S>
class Stepper {
 public:
  Stepper(const Task&, const DataOptions&, std::uint64_t task_seed, const ModelOptions&,
          const TrainOptions&, Pool&);

  const Model<S>& model() const { return *model_; }
  const Facts& facts() const { return facts_; }
  std::span<const S> parameters() const { return {theta_.data(), theta_.size()}; }
  /// Takes the parameters of another model of the same layout, in the order of the layout.
  void set_parameters(std::span<const double>);
  RunShape shape() const;

  /// Makes room for the most that a step will be asked for; without it, nothing.
  void reserve(const Needs&);
  /// The gradient of step `step` at the present parameters, and what of `view(step).layers` is
  /// needed.
  StepResult gradient(std::int64_t step, const Needs& needs);
  /// Of the last gradient; valid until the next.
  StepView view(std::int64_t step) const;
  /// Clips the last gradient and moves the parameters; returns the global norm after clipping.
  double update(std::int64_t step);

  /// Where the first value of step `step` arose that is not finite, found by taking the step again,
  /// shard by shard: in the parameters and states it begins with, the batch, the layers forwards,
  /// the loss, the layers backwards (last time step first), the gradient. To be called after its
  /// gradient(), with the states that it began with back in carried(); leaves nothing that a step
  /// could go on from. Nothing if every value is finite.
  std::optional<NonFinite> first_nonfinite(std::int64_t step);
  /// The first parameter that is not finite, if any.
  std::optional<NonFinite> nonfinite_parameter() const;
  /// The whole batch of a step, as the task draws it.
  Batch batch(std::int64_t step);

  /// Sums over the first `examples` examples of the split, at the present parameters. Over all of
  /// it where it is a stream: in `stream_pieces` side by side, each of which first reads the
  /// `stream_warm_up` windows before its own ones, unscored, so that it begins with a state.
  /// Ends early, with sums of no meaning, once *stop is set.
  LossSums evaluate(Stream split, std::int64_t examples, const std::atomic<bool>* stop = nullptr);
  /// Shows the same examples, and what is predicted for them, to `scorer`; of a stream its windows
  /// by their first steps, where a weight of 0 means that another window has the step.
  void score(Stream split, std::int64_t examples, Scorer& scorer,
             const std::atomic<bool>* stop = nullptr);

  /// Everything that the steps to come depend on besides the options: between a step's update and
  /// the next step's gradient.
  void save(State&) const;
  void load(const State&);
  /// The states that stream columns carry from step to step; a step's gradient moves them on.
  std::span<S> carried() { return {state_.data(), state_.size()}; }

  /// Adds the seconds that each phase of the next steps takes to *times; null ends it. Work that is
  /// spread over threads counts as wall time, shared out as the threads spent theirs.
  void read_phases(PhaseTimes* times) { times_ = times; }

 private:
  /// What one thread needs to run a shard.
  struct Worker {
    Batch batch;
    std::vector<std::uint64_t> ids;
    std::vector<double> scale;
    std::vector<StateTrace> traces;
    std::vector<LogSweep> sweeps;
    std::vector<int> exponents;  // of a sweep: [b]
    std::vector<double> factors;
    std::vector<double> omega_weight, omega_value;  // [b]
    Omega omega;
    Slab<S> scratch;  // a sweep's slab
    Slab<S> frame;
    Slab<S> state;            // [b] columns of a stream that is evaluated
    bool fresh[shard_width];  // columns that begin anew
    PhaseClock clock;
  };
  /// The memory behind one layer's LayerSignals.
  struct LayerMemory {
    std::vector<double> hidden, cell, last;  // [T, B]
    std::vector<double> da, h;               // StateTrace's factors of the terms
    std::vector<double> terms;               // [T]
  };

  template <class F>
  void run_shards(F&&);
  template <class F>
  void for_trained(std::size_t begin, std::size_t end, F&&) const;
  void draw(std::int64_t step, const Shard&, Worker&);
  std::span<const std::uint64_t> draw_split(Stream, std::int64_t first, std::int64_t examples,
                                            Worker&);
  std::int64_t examples_of(Stream, std::int64_t most) const;
  bool begins_anew(std::int64_t step, int column) const;
  double own_inputs(std::int64_t step) const;
  void run_between(std::int64_t step, const Shard&, Worker&);
  CarriedState<S> carried(const Shard&, const Worker&);
  void draw_examples(std::int64_t step, int first, std::span<std::uint64_t> ids, Batch&);
  void score_new_steps(std::int64_t step, int first, Batch&) const;
  std::optional<NonFinite> nonfinite_in(const char* tensor, const S* values) const;
  std::optional<NonFinite> nonfinite_pass(std::int64_t step);
  std::optional<NonFinite> nonfinite_adjoint() const;
  StreamWalk pieces_of(Stream split) const;
  template <class Stopped, class Read>
  void read_pieces(Stream split, const StreamWalk&, const Shard& pieces, Worker&, const Stopped&,
                   const Read&);
  void score_stream(Stream split, Scorer& scorer, const std::atomic<bool>* stop);
  LossSums run_shard(std::int64_t step, const Shard&, S* slab, Worker&, const Needs&);
  void take_alignments(const Shard&, Worker&);
  /// The longest time that a layer counts, and the examples' lengths in it.
  int steps_of(const TracedLayer&) const;
  const std::vector<int>& lengths_of(const TracedLayer&) const;
  void sweep(const Shard&, Worker&);
  void take_terms(double divisor);
  double norm();

  const Task& task_;
  const Facts facts_;
  const TrainOptions options_;
  const std::uint64_t task_seed_;
  const int B_;
  Pool& pool_;
  std::unique_ptr<Model<S>> model_;
  std::unique_ptr<Optimizer<S>> optimizer_;
  Sampler sampler_;
  const bool stream_;        // whether the training data are one
  const int T_;              // the longest training sequence, where it is cut
  const int window_;         // time steps that a training step sees, at most …
  const int stride_;         // … of which the next one begins so many later
  const std::int64_t cuts_;  // training steps that an example lasts
  const bool trims_;         // whether shards may be as short as their examples
  StreamWalk walk_;          // of the training data, where they are a stream
  std::vector<Shard> shards_;
  Slab<S> theta_, gradient_, packed_, slabs_;
  Slab<S> state_;  // [B] columns, carried from step to step
  std::size_t slab_stride_;
  std::vector<Worker> workers_;
  std::vector<LossSums> sums_;                       // per shard
  std::vector<double> omegas_;                       // per shard: Σ weight_b Ω_b
  std::vector<std::array<std::size_t, 2>> trained_;  // θ's runs that are
  std::vector<LossSums> eval_sums_;                  // per chunk of an evaluation
  std::vector<LayerMemory> memory_;
  std::vector<LayerSignals> signals_;
  std::vector<int> length_, last_length_, second_length_, target_steps_;  // [B]
  std::vector<double> alignments_;                                        // [R, B, T]
  std::vector<double> gram_;                                              // scratch of the terms
  GradientNorms norms_;
  std::vector<double> parameter_norms_;
  double grad_norm_ = 0;
  PhaseTimes* times_ = nullptr;
};

}  // namespace rnnlab
