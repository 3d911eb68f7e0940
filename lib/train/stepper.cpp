#include "train/stepper.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/check.hpp"
#include "base/error.hpp"
#include "exec/tiles.hpp"
#include "math/ordered_sum.hpp"
#include "nn/models/fitting.hpp"
#include "train/learning_rate.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t tile = GradientNorms::tile;

OptimizerOptions optimizer_options(const TrainOptions& o) {
  return {.name = o.optimizer,
          .lr = o.lr,
          .momentum = o.momentum,
          .beta1 = o.beta1,
          .beta2 = o.beta2,
          .decay = o.decay,
          .epsilon = o.epsilon,
          .epsilon_at = o.epsilon_at,
          .accumulator = o.accumulator,
          .centered = o.centered,
          .weight_decay = o.weight_decay};
}

/// The longest T of the examples that are trained on; test examples may be longer.
int training_length(const Task& task, std::uint64_t seed) {
  const std::uint64_t first = 0;
  Batch batch;
  task.draw({seed, Stream::train}, std::span(&first, 1), batch);
  return batch.T;
}

/// What the data are, else what is asked for; 0: every step draws new ones.
std::uint64_t examples_to_train_on(const Task& task, const DataOptions& data) {
  const std::int64_t own = task.examples(Stream::train);
  return static_cast<std::uint64_t>(own > 0 ? own : data.train_examples);
}

int window_of(const Facts& facts, int length, std::int64_t truncate) {
  if (truncate == 0) return length;
  if (facts.whole_sequences()) {
    throw Error(Exit::usage, "the task's targets are sequences of their own", "train.truncate",
                "leave it 0, or choose a task with a target at every step");
  }
  if (facts.readout == Readout::last) {
    throw Error(Exit::usage, "the task has targets at the last step only", "train.truncate",
                "leave it 0, or choose a task with a target at every step");
  }
  if (facts.once || facts.given > 0) {
    throw Error(Exit::usage, "the task has one input for a whole sequence", "train.truncate",
                "leave it 0, or choose a task with an input at every step");
  }
  if (truncate > length) {
    throw Error(Exit::usage,
                "train.truncate = " + std::to_string(truncate) + " is above the task's " +
                    std::to_string(length) + " steps",
                "train.truncate", "give at most that, or longer sequences");
  }
  return static_cast<int>(truncate);
}

int stride_of(const TrainOptions& o, int window, bool stream) {
  if (o.stride > 0 && o.truncate == 0 && !stream) {
    throw Error(Exit::usage, "a stride is one between windows, and there are none", "train.stride",
                "set train.truncate as well");
  }
  return o.stride == 0 ? window : static_cast<int>(o.stride);
}

/// Windows until the last step has been seen.
std::int64_t cuts_of(int length, int window, int stride) {
  return 1 + (stride > window ? length - 1 : length - window + stride - 1) / stride;
}

void check_windows(std::int64_t windows, std::int64_t columns, int length) {
  if (windows >= columns) return;
  throw Error(Exit::data,
              "too short: " + std::to_string(windows) + " windows of " + std::to_string(length) +
                  " steps for a batch of " + std::to_string(columns),
              "task.path", "take shorter windows, a smaller train.batch, or more data");
}

/// Gives the embedding's rows their pretrained values.
template <class S>
void take_vectors(const SymbolVectors& vectors, const ParamLayout& layout, S* theta) {
  const auto embedding = std::find_if(layout.begin(), layout.end(), [](const Parameter& p) {
    return p.name == "embedding.weight";
  });
  const int width = embedding == layout.end() ? 0 : embedding->columns;
  if (width != vectors.width) {
    throw Error(Exit::usage,
                "the vectors are " + std::to_string(vectors.width) + " wide, and the model has " +
                    (width == 0 ? "no embedding of the input's symbols"
                                : "an embedding of " + std::to_string(width)),
                "task.vectors", "give model.embedding = " + std::to_string(vectors.width));
  }
  const auto columns = static_cast<std::size_t>(width);
  for (std::size_t i = 0; i < vectors.symbol.size(); ++i) {
    const auto row = static_cast<std::size_t>(vectors.symbol[i]);
    std::copy_n(&vectors.values[i * columns], columns, theta + embedding->offset + row * columns);
  }
}

}  // namespace

template <class S>
Stepper<S>::Stepper(const Task& task, const DataOptions& data, std::uint64_t task_seed,
                    const ModelOptions& model, const TrainOptions& train, Pool& pool)
    : task_(task),
      facts_(task.facts()),
      options_(train),
      task_seed_(task_seed),
      B_(static_cast<int>(train.batch)),
      pool_(pool),
      model_(make_model<S>(model, facts_)),
      optimizer_(make_optimizer<S>(optimizer_options(train), model_->parameters().size())),
      sampler_(static_cast<std::uint64_t>(train.seed), examples_to_train_on(task, data), B_,
               task.example_lengths()),
      stream_(task.stream(Stream::train) > 0),
      T_(train.truncate > 0 ? training_length(task, task_seed) : facts_.length),
      window_(window_of(facts_, T_, train.truncate)),
      stride_(stride_of(train, window_, stream_)),
      cuts_(stream_ && stride_ != window_ ? 1 : cuts_of(T_, window_, stride_)),
      trims_(!stream_ && cuts_ == 1 && !facts_.once && facts_.rows == 0),
      walk_(task.stream(Stream::train), stride_ != window_ ? stride_ : facts_.length, B_,
            std::max(window_ - stride_, 0) / stride_),
      shards_(cut_into_shards(B_)),
      theta_(model_->parameters().size()),
      gradient_(model_->parameters().size()),
      packed_(model_->packed_size()),
      slabs_(shards_.size() * model_->slab_size()),
      state_(stream_ || cuts_ > 1 ? static_cast<std::size_t>(B_) * model_->state_size() : 0),
      slab_stride_(model_->slab_size()),
      workers_(static_cast<std::size_t>(pool.size())),
      sums_(shards_.size()),
      omegas_(shards_.size()),
      eval_sums_(static_cast<std::size_t>(
          (std::max<std::int64_t>({data.valid_examples, data.test_examples, stream_pieces,
                                   task.examples(Stream::valid), task.examples(Stream::test)}) +
           shard_width - 1) /
          shard_width)),
      memory_(model_->traced().size()),
      signals_(model_->traced().size()),
      length_(static_cast<std::size_t>(B_)),
      last_length_(static_cast<std::size_t>(B_)),
      second_length_(static_cast<std::size_t>(B_)),
      target_steps_(static_cast<std::size_t>(B_)),
      norms_(model_->parameters()),
      parameter_norms_(model_->parameters().count()) {
  if (train.scheduled_sampling > 0 && facts_.readout != Readout::sequence) {
    throw Error(Exit::usage, "the task has no decoder to choose inputs for",
                "train.scheduled_sampling", "leave it 0, or choose a task of sequence to sequence");
  }
  RNNLAB_CHECK_EQ(stream_ && facts_.loss == LossKind::ctc, false);
  if (stream_) check_windows(walk_.windows(), B_, stride_ != window_ ? stride_ : facts_.length);
  if (stream_ || cuts_ > 1) check_reads_in_windows(model);
  if (train.omega > 0) check_has_recurrent_matrix(model);
  for (const TracedLayer& layer : model_->traced()) {
    if (train.omega == 0 || layer.regularized) continue;
    throw Error(
        Exit::usage,
        "the regulariser is not built into " + layer.name + ", whose step is several products",
        "train.omega", "leave it 0, or choose a cell of one product (elman, lstm, gru)");
  }
  for (const Parameter& p : model_->parameters()) {
    if (!p.trained) continue;
    if (!trained_.empty() && trained_.back()[1] == p.offset) {
      trained_.back()[1] += p.size();
    } else {
      trained_.push_back({p.offset, p.offset + p.size()});
    }
  }
  for (Worker& worker : workers_) {
    worker.batch.reset(facts_, shard_width);
    worker.ids.resize(shard_width);
    worker.scale.resize(shard_width);
    worker.omega_weight.resize(shard_width);
    worker.omega_value.resize(shard_width);
    worker.omega = {train.omega, worker.omega_weight.data(), worker.omega_value.data()};
    worker.frame = Slab<S>(model_->frame_size(facts_.length, shard_width));
    worker.state = Slab<S>(static_cast<std::size_t>(shard_width) * model_->state_size());
  }
  reserve({});
  model_->initialize({static_cast<std::uint64_t>(train.seed), Stream::parameters}, theta_.data());
  if (const SymbolVectors vectors = task.symbol_vectors(); vectors.width > 0)
    take_vectors(vectors, model_->parameters(), theta_.data());
  model_->pack(theta_.data(), packed_.data());
}

template <class S>
void Stepper<S>::set_parameters(std::span<const double> parameters) {
  RNNLAB_CHECK_EQ(parameters.size(), theta_.size());
  std::transform(parameters.begin(), parameters.end(), theta_.data(),
                 [](double value) { return static_cast<S>(value); });
  model_->pack(theta_.data(), packed_.data());
}

template <class S>
LossSums Stepper<S>::run_shard(std::int64_t step, const Shard& shard, S* slab, Worker& w,
                               const Needs& needs) {
  draw(step, shard, w);
  // Signals are laid out by the longest length.
  if (trims_ && !needs.any()) w.batch.trim(facts_.readout);
  const auto keep = [&](const std::vector<int>& from, std::vector<int>& to) {
    std::copy(from.begin(), from.end(), to.begin() + shard.first);
  };
  keep(w.batch.length, length_);
  keep(w.batch.second.length, second_length_);
  keep(w.batch.target_steps, target_steps_);
  example_weights(w.batch, w.scale.data());
  for (int b = 0; b < shard.width; ++b) {
    const auto column = static_cast<std::size_t>(b);
    double& scale = w.scale[column];
    w.omega_weight[column] = options_.reduction == "sum" ? scale > 0 : scale;
    w.omega_value[column] = 0;
    if (scale > 0) scale = options_.reduction == "sum" ? 1.0 : 1.0 / scale;
  }
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    LayerMemory& m = memory_[l];
    const auto at = [&](std::vector<double>& memory, bool needed) {
      return needed && !memory.empty() ? memory.data() + shard.first : nullptr;
    };
    w.traces[l] = {.hidden = at(m.hidden, needs.states),
                   .cell = at(m.cell, needs.states),
                   .ld = B_,
                   .scale = w.scale.data(),
                   .da = at(m.da, needs.terms),
                   .h_before = at(m.h, needs.terms),
                   .omega = options_.omega > 0 ? &w.omega : nullptr};
  }
  std::fill_n(slab, model_->slab_size(), S{0});
  const bool traced = needs.states || needs.terms || options_.omega > 0;
  const LossSums sums =
      model_->train(packed_.data(), w.batch, slab, w.frame.data(),
                    std::span(w.traces.data(), traced ? w.traces.size() : 0), carried(shard, w));
  double& omega = omegas_[static_cast<std::size_t>(&shard - shards_.data())];
  omega = 0;
  for (std::size_t b = 0; b < static_cast<std::size_t>(shard.width); ++b) {
    omega += w.omega_weight[b] * w.omega_value[b];
  }
  if (needs.alignments) take_alignments(shard, w);
  if (needs.last) sweep(shard, w);
  return sums;
}

/// Calls f(shard, worker) for every shard, in any thread.
template <class S>
template <class F>
void Stepper<S>::run_shards(F&& f) {
  const auto begun = std::chrono::steady_clock::now();
  pool_.run(static_cast<int>(shards_.size()), [&](int i, int thread) {
    Worker& worker = workers_[static_cast<std::size_t>(thread)];
    if (times_) {
      phase_clock = &worker.clock;
      worker.clock.start(Phase::draw);
    }
    f(static_cast<std::size_t>(i), worker);
    if (times_) {
      worker.clock.stop();
      phase_clock = nullptr;
    }
  });
  if (!times_) return;
  const double wall = seconds_since(begun);
  PhaseTimes spent{};
  double total = 0;
  for (Worker& worker : workers_) {
    const PhaseTimes ticks = worker.clock.take();
    for (std::size_t i = 0; i < phase_count; ++i) {
      spent[i] += ticks[i];
      total += ticks[i];
    }
  }
  for (std::size_t i = 0; i < phase_count; ++i) (*times_)[i] += wall * spent[i] / total;
}

template <class S>
StepResult Stepper<S>::gradient(std::int64_t step, const Needs& needs) {
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const LayerMemory& m = memory_[l];
    const auto shown = [](const std::vector<double>& memory, bool needed) {
      return needed && !memory.empty() ? memory.data() : nullptr;
    };
    signals_[l] = {shown(m.hidden, needs.states), shown(m.cell, needs.states),
                   shown(m.last, needs.last), shown(m.terms, needs.terms),
                   lengths_of(model_->traced()[l]).data()};
  }
  sampler_.prepare(step / cuts_);
  run_shards([&](std::size_t s, Worker& worker) {
    sums_[s] = run_shard(step, shards_[s], slabs_.data() + s * slab_stride_, worker, needs);
  });

  const PhaseTimer timer(times_, Phase::reduction);
  const std::size_t summed = model_->slab_size(), cleared = gradient_.size();
  for_tiles(pool_, tile, std::max(summed, cleared), [&](std::size_t begin, std::size_t end) {
    ordered_sum(slabs_.data(), slab_stride_, static_cast<int>(shards_.size()), begin,
                std::min(end, summed));
    std::fill(gradient_.data() + std::min(begin, cleared),
              gradient_.data() + std::min(end, cleared), S{0});
  });
  LossSums total;
  for (const LossSums& sums : sums_) total += sums;
  const bool scored = total.weight > 0;  // else the cut's gradient is zero
  if (!scored) total.weight = 1;
  const double divisor = options_.reduction == "sum" ? B_ : total.weight;
  model_->unpack(theta_.data(), slabs_.data(), static_cast<S>(1.0 / divisor), gradient_.data());
  for (const Parameter& p : model_->parameters()) {
    if (!p.trained) std::fill_n(gradient_.data() + p.offset, p.size(), S{0});
  }
  grad_norm_ = norm();
  norms_.by_parameter(parameter_norms_);
  if (needs.terms) take_terms(divisor);

  StepResult result{.scored = scored,
                    .loss = total.loss / divisor,
                    .metric = quality(facts_, total),
                    .sequence_accuracy = total.sequences > 0 ? sequence_accuracy(total) : 0,
                    .grad_norm = grad_norm_};
  for (const double omega : omegas_) result.omega += omega / divisor;
  result.finite = std::isfinite(result.loss) && std::isfinite(result.grad_norm);
  return result;
}

template <class S>
double Stepper<S>::norm() {
  for_tiles(pool_, tile, gradient_.size(), [&](std::size_t begin, std::size_t end) {
    norms_.measure(gradient_.data(), begin, end);
  });
  return norms_.whole();
}

/// Calls f for the parts of [begin, end) that are trained.
template <class S>
template <class F>
void Stepper<S>::for_trained(std::size_t begin, std::size_t end, F&& f) const {
  for (const auto& [first, last] : trained_) {
    if (std::max(first, begin) < std::min(last, end))
      f(std::max(first, begin), std::min(last, end));
  }
}

template <class S>
double Stepper<S>::update(std::int64_t step) {
  const PhaseTimer timer(times_, Phase::optimizer);
  double length = grad_norm_;
  S* g = gradient_.data();
  if (options_.clip_value > 0) {
    const S bound = static_cast<S>(options_.clip_value);
    for_tiles(pool_, tile, gradient_.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) g[i] = std::clamp(g[i], -bound, bound);
    });
    length = norm();
  }
  const bool clips = options_.clip_norm > 0 && length > options_.clip_norm;
  const S scale = clips ? static_cast<S>(options_.clip_norm / length) : S{1};
  optimizer_->begin(step, rate_factor(options_, step));
  for_tiles(pool_, tile, theta_.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; clips && i < end; ++i) g[i] *= scale;
    for_trained(begin, end, [&](std::size_t from, std::size_t to) {
      optimizer_->update(theta_.data(), g, from, to);
    });
  });
  model_->pack(theta_.data(), packed_.data());
  return clips ? options_.clip_norm : length;
}

template <class S>
void Stepper<S>::save(State& state) const {
  const auto put = [&](const std::string& name, const S* p, std::size_t n) {
    state.put<S>(name, {p, n});
  };
  put("parameters", theta_.data(), theta_.size());
  if (state_.size() > 0) put("carried", state_.data(), state_.size());
  for (const auto& [name, values] : optimizer_->memory())
    put("optimizer/" + name, values.data(), values.size());
}

template <class S>
void Stepper<S>::load(const State& state) {
  state.take<S>("parameters", {theta_.data(), theta_.size()});
  if (state_.size() > 0) state.take<S>("carried", {state_.data(), state_.size()});
  for (const auto& [name, values] : optimizer_->memory())
    state.take<S>("optimizer/" + name, values);
  model_->pack(theta_.data(), packed_.data());
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace rnnlab
