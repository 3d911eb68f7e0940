#include <algorithm>

#include "nn/outer_norm.hpp"
#include "train/stepper.hpp"

// What a step shows to instruments.

namespace rnnlab {

template <class S>
int Stepper<S>::steps_of(const TracedLayer& layer) const {
  return layer.time == TracedLayer::source          ? window_
         : layer.time == TracedLayer::second_source ? facts_.second_length
                                                    : facts_.target_length;
}

template <class S>
const std::vector<int>& Stepper<S>::lengths_of(const TracedLayer& layer) const {
  return layer.time == TracedLayer::source          ? length_
         : layer.time == TracedLayer::second_source ? second_length_
                                                    : target_steps_;
}

template <class S>
void Stepper<S>::reserve(const Needs& needs) {
  const auto B = static_cast<std::size_t>(B_);
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const TracedLayer& layer = model_->traced()[l];
    const auto T = static_cast<std::size_t>(steps_of(layer));
    LayerMemory& m = memory_[l];
    m.hidden.resize(needs.states ? T * B : 0);
    m.cell.resize(needs.states && layer.cell_state ? T * B : 0);
    m.last.resize(needs.last ? T * B : 0);
    m.da.resize(needs.terms ? T * B * static_cast<std::size_t>(layer.da_rows) : 0);
    m.h.resize(needs.terms ? T * B * static_cast<std::size_t>(layer.h_rows) : 0);
    m.terms.resize(needs.terms ? T : 0);
  }
  alignments_.resize(needs.alignments ? size(facts_.target_length, window_, B_) : 0);
  gram_.resize(needs.terms ? 2 * B * B : 0);
  for (Worker& worker : workers_) {
    worker.traces.resize(memory_.size());
    worker.sweeps.resize(memory_.size());
    if (!needs.last) continue;
    worker.exponents.resize(shard_width);
    worker.factors.resize(2 * shard_width);
    worker.scratch = Slab<S>(model_->slab_size());
  }
}

template <class S>
RunShape Stepper<S>::shape() const {
  RunShape shape{.parameters = model_->parameters(),
                 .layers = {},
                 .cell_state = {},
                 .steps = {},
                 .swept = {},
                 .length = window_,
                 .batch = B_,
                 .target_length = facts_.target_length,
                 .attends = model_->attends(),
                 .steps_scored = facts_.loss != LossKind::ctc};
  for (const TracedLayer& layer : model_->traced()) {
    shape.layers.push_back(layer.name);
    shape.cell_state.push_back(layer.cell_state);
    shape.steps.push_back(steps_of(layer));
    shape.swept.push_back(facts_.readout != Readout::sequence || layer.time == TracedLayer::target);
  }
  return shape;
}

template <class S>
void Stepper<S>::take_alignments(const Shard& shard, Worker& w) {
  const Seq<const S> weights = model_->alignments(w.batch, w.frame.data());
  for (int r = 0; r < weights.T; ++r) {
    for (int b = 0; b < weights.B; ++b) {
      std::copy_n(weights.at(r, b), weights.F,
                  alignments_.data() + size(r, B_, window_) + size(shard.first + b, window_));
    }
  }
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
                     last_length_.data() + shard.first);
}

template <class S>
void Stepper<S>::take_terms(double divisor) {
  for (std::size_t l = 0; l < memory_.size(); ++l) {
    const TracedLayer& layer = model_->traced()[l];
    LayerMemory& m = memory_[l];
    std::fill(m.terms.begin(), m.terms.end(), 0.0);
    const std::vector<int>& length = lengths_of(layer);
    const int steps = *std::max_element(length.begin(), length.end());
    for (int t = 0; t < steps; ++t) {
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
StepView Stepper<S>::view(std::int64_t step) const {
  return {.step = step,
          .layers = signals_,
          .length = length_,
          .last_length = last_length_,
          .parameter_norms = parameter_norms_,
          .target_steps = target_steps_,
          .alignments = alignments_,
          .parameter = [this](std::size_t i, std::span<double> to) {
            const Parameter& p = model_->parameters()[i];
            std::copy_n(theta_.data() + p.offset, p.size(), to.begin());
          }};
}

#define RNNLAB_SIGNALS(S)                                                            \
  template int Stepper<S>::steps_of(const TracedLayer&) const;                       \
  template const std::vector<int>& Stepper<S>::lengths_of(const TracedLayer&) const; \
  template void Stepper<S>::reserve(const Needs&);                                   \
  template RunShape Stepper<S>::shape() const;                                       \
  template void Stepper<S>::take_alignments(const Shard&, Worker&);                  \
  template void Stepper<S>::sweep(const Shard&, Worker&);                            \
  template void Stepper<S>::take_terms(double);                                      \
  template StepView Stepper<S>::view(std::int64_t) const
RNNLAB_SIGNALS(float);
RNNLAB_SIGNALS(double);

}  // namespace rnnlab
