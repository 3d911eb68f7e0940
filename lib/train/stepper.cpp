#include "train/stepper.hpp"

#include <algorithm>
#include <cmath>

#include "math/ordered_sum.hpp"
#include "nn/outer_norm.hpp"

namespace rnnlab {
namespace {

/// Entries per work item where a slab is gone through by all threads.
constexpr std::size_t tile = std::size_t{1} << 14;

template <class F>
void for_tiles(Pool& pool, std::size_t n, F&& f) {
  pool.run(static_cast<int>((n + tile - 1) / tile), [&](int i, int) {
    const std::size_t begin = static_cast<std::size_t>(i) * tile;
    f(begin, std::min(n, begin + tile));
  });
}

OptimizerOptions optimizer_options(const TrainOptions& o) {
  return {.name = o.optimizer,
          .lr = o.lr,
          .momentum = o.momentum,
          .beta1 = o.beta1,
          .beta2 = o.beta2,
          .decay = o.decay,
          .epsilon = o.epsilon,
          .epsilon_at = o.epsilon_at,
          .accumulator = o.accumulator};
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
      sampler_(static_cast<std::uint64_t>(train.seed),
               static_cast<std::uint64_t>(data.train_examples), B_),
      shards_(cut_into_shards(B_)),
      theta_(model_->parameters().size()),
      gradient_(model_->parameters().size()),
      packed_(model_->packed_size()),
      slabs_(shards_.size() * model_->slab_size()),
      slab_stride_(model_->slab_size()),
      workers_(static_cast<std::size_t>(pool.size())),
      sums_(shards_.size()),
      eval_sums_(static_cast<std::size_t>(
          (std::max(data.valid_examples, data.test_examples) + shard_width - 1) / shard_width)),
      memory_(model_->traced().size()),
      signals_(model_->traced().size()),
      length_(static_cast<std::size_t>(B_)),
      last_length_(static_cast<std::size_t>(B_)),
      parameter_norms_(model_->parameters().count()) {
  for (Worker& worker : workers_) {
    worker.batch.reset(facts_, shard_width);
    worker.ids.resize(shard_width);
    worker.scale.resize(shard_width);
    worker.frame = Slab<S>(model_->frame_size(facts_.length, shard_width));
  }
  reserve({});
  model_->initialize({static_cast<std::uint64_t>(train.seed), Stream::parameters}, theta_.data());
  model_->pack(theta_.data(), packed_.data());
}

template <class S>
void Stepper<S>::reserve(const Needs& needs) {
  const auto T = static_cast<std::size_t>(facts_.length), B = static_cast<std::size_t>(B_);
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const TracedLayer& layer = model_->traced()[l];
    LayerMemory& m = memory_[l];
    m.hidden.resize(needs.states ? T * B : 0);
    m.cell.resize(needs.states && layer.cell_state ? T * B : 0);
    m.last.resize(needs.last ? T * B : 0);
    m.da.resize(needs.terms ? T * B * static_cast<std::size_t>(layer.da_rows) : 0);
    m.h.resize(needs.terms ? T * B * static_cast<std::size_t>(layer.h_rows) : 0);
    m.terms.resize(needs.terms ? T : 0);
  }
  gram_.resize(needs.terms ? 2 * B * B : 0);
  for (Worker& worker : workers_) {
    worker.traces.resize(memory_.size());
    worker.sweeps.resize(memory_.size());
    if (!needs.last) continue;
    worker.exponents.resize(shard_width * (1 + 2 * T));
    worker.factors.resize(2 * shard_width);
    worker.scratch = Slab<S>(model_->slab_size());
  }
}

template <class S>
RunShape Stepper<S>::shape() const {
  RunShape shape{model_->parameters(), {}, {}, facts_.length, B_, options_.steps};
  for (const TracedLayer& layer : model_->traced()) {
    shape.layers.push_back(layer.name);
    shape.cell_state.push_back(layer.cell_state);
  }
  return shape;
}

template <class S>
LossSums Stepper<S>::run_shard(std::int64_t step, const Shard& shard, S* slab, Worker& w,
                               const Needs& needs) {
  const std::span ids(w.ids.data(), static_cast<std::size_t>(shard.width));
  sampler_.examples(step, shard.first, ids);
  task_.draw({task_seed_, Stream::train}, ids, w.batch);
  std::copy(w.batch.length.begin(), w.batch.length.end(), length_.begin() + shard.first);
  example_weights(w.batch, w.scale.data());
  for (int b = 0; b < shard.width; ++b) {
    double& scale = w.scale[static_cast<std::size_t>(b)];
    scale = scale > 0 ? 1.0 / scale : 0.0;
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
                   .h_before = at(m.h, needs.terms)};
  }
  std::fill_n(slab, model_->slab_size(), S{0});
  const bool traced = needs.states || needs.terms;
  const LossSums sums = model_->train(packed_.data(), w.batch, slab, w.frame.data(),
                                      std::span(w.traces.data(), traced ? w.traces.size() : 0));
  if (needs.last) sweep(shard, w);
  return sums;
}

template <class S>
void Stepper<S>::sweep(const Shard& shard, Worker& w) {
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    w.sweeps[l] = {.log_hidden = memory_[l].last.data() + shard.first,
                   .ld = B_,
                   .exponent = w.exponents.data(),
                   .factor = w.factors.data()};
  }
  model_->sweep_last(packed_.data(), w.batch, w.scratch.data(), w.frame.data(), w.sweeps,
                     w.exponents.data() + shard_width, last_length_.data() + shard.first);
}

template <class S>
void Stepper<S>::take_terms(double divisor) {
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const TracedLayer& layer = model_->traced()[l];
    LayerMemory& m = memory_[l];
    for (int t = 0; t < facts_.length; ++t) {
      const auto step = static_cast<std::size_t>(t) * static_cast<std::size_t>(B_);
      m.terms[static_cast<std::size_t>(t)] =
          outer_norm(m.da.data() + step * static_cast<std::size_t>(layer.da_rows), layer.da_rows,
                     m.h.data() + step * static_cast<std::size_t>(layer.h_rows), layer.h_rows, B_,
                     gram_.data()) /
          divisor;
    }
  }
}

template <class S>
StepResult Stepper<S>::gradient(std::int64_t step, const Needs& needs) {
  clock_.begin();
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const LayerMemory& m = memory_[l];
    const auto shown = [](const std::vector<double>& memory, bool needed) {
      return needed && !memory.empty() ? memory.data() : nullptr;
    };
    signals_[l] = {shown(m.hidden, needs.states), shown(m.cell, needs.states),
                   shown(m.last, needs.last), shown(m.terms, needs.terms)};
  }
  pool_.run(static_cast<int>(shards_.size()), [&](int i, int thread) {
    const auto s = static_cast<std::size_t>(i);
    sums_[s] = run_shard(step, shards_[s], slabs_.data() + s * slab_stride_,
                         workers_[static_cast<std::size_t>(thread)], needs);
  });
  clock_.end(Phase::shards);

  for_tiles(pool_, model_->slab_size(), [&](std::size_t begin, std::size_t end) {
    ordered_sum(slabs_.data(), slab_stride_, static_cast<int>(shards_.size()), begin, end);
  });
  LossSums total;
  for (const LossSums& sums : sums_) total += sums;
  const double divisor = options_.reduction == "sum" ? B_ : total.weight;
  std::fill_n(gradient_.data(), gradient_.size(), S{0});
  model_->unpack(slabs_.data(), static_cast<S>(1.0 / divisor), gradient_.data());
  measure();
  if (needs.terms) take_terms(divisor);
  clock_.end(Phase::reduction);

  StepResult result{
      .loss = total.loss / divisor, .metric = total.metric / total.weight, .grad_norm = grad_norm_};
  result.finite = std::isfinite(result.loss) && std::isfinite(result.grad_norm);
  return result;
}

template <class S>
void Stepper<S>::measure() {
  double total = 0;
  for (std::size_t i = 0; i < parameter_norms_.size(); ++i) {
    const Parameter& p = model_->parameters()[i];
    const double square = sum_of_squares(gradient_.data() + p.offset, p.size());
    parameter_norms_[i] = std::sqrt(square);
    total += square;
  }
  grad_norm_ = std::sqrt(total);
}

template <class S>
StepView Stepper<S>::view(std::int64_t step) const {
  return {.step = step,
          .layers = signals_,
          .length = length_,
          .last_length = last_length_,
          .parameter_norms = parameter_norms_,
          .parameter = [this](std::size_t i, std::span<double> to) {
            const Parameter& p = model_->parameters()[i];
            std::copy_n(theta_.data() + p.offset, p.size(), to.begin());
          }};
}

template <class S>
double Stepper<S>::update(std::int64_t step) {
  clock_.begin();
  double norm = grad_norm_;
  S* g = gradient_.data();
  if (options_.clip_value > 0) {
    const S bound = static_cast<S>(options_.clip_value);
    for (std::size_t i = 0; i < gradient_.size(); ++i) g[i] = std::clamp(g[i], -bound, bound);
    norm = std::sqrt(sum_of_squares(g, gradient_.size()));
  }
  if (options_.clip_norm > 0 && norm > options_.clip_norm) {
    const S scale = static_cast<S>(options_.clip_norm / norm);
    for (std::size_t i = 0; i < gradient_.size(); ++i) g[i] *= scale;
    norm = options_.clip_norm;
  }
  optimizer_->begin(step);
  for_tiles(pool_, theta_.size(), [&](std::size_t begin, std::size_t end) {
    optimizer_->update(theta_.data(), g, begin, end);
  });
  model_->pack(theta_.data(), packed_.data());
  clock_.end(Phase::optimizer);
  return norm;
}

template <class S>
LossSums Stepper<S>::evaluate(Stream split, std::int64_t examples) {
  const int chunks = static_cast<int>((examples + shard_width - 1) / shard_width);
  pool_.run(chunks, [&](int i, int thread) {
    Worker& w = workers_[static_cast<std::size_t>(thread)];
    const std::int64_t first = std::int64_t{i} * shard_width;
    const auto width =
        static_cast<std::size_t>(std::min<std::int64_t>(shard_width, examples - first));
    for (std::size_t b = 0; b < width; ++b) w.ids[b] = static_cast<std::uint64_t>(first) + b;
    task_.draw({task_seed_, split}, std::span(w.ids.data(), width), w.batch);
    eval_sums_[static_cast<std::size_t>(i)] =
        model_->evaluate(packed_.data(), w.batch, w.frame.data());
  });
  LossSums total;
  for (int i = 0; i < chunks; ++i) total += eval_sums_[static_cast<std::size_t>(i)];
  return total;
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace rnnlab
