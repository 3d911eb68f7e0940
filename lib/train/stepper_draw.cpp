#include <algorithm>

#include "train/stepper.hpp"

namespace rnnlab {

template <class S>
bool Stepper<S>::begins_anew(std::int64_t step, int column) const {
  return step % cuts_ == 0 && (!stream_ || walk_.begins_anew(column, step / cuts_));
}

/// The step's examples from the `first` on, as many as there are ids.
template <class S>
void Stepper<S>::draw_examples(std::int64_t step, int first, std::span<std::uint64_t> ids,
                               Batch& batch) {
  const std::int64_t number = step / cuts_, cut = step % cuts_;
  if (stream_) {
    for (std::size_t b = 0; b < ids.size(); ++b) {
      ids[b] = walk_.position(first + static_cast<int>(b), number);
    }
  } else {
    sampler_.examples(number, first, ids);
  }
  task_.draw({task_seed_, Stream::train}, ids, batch);
  if (cuts_ > 1 || window_ < batch.T) batch.keep_steps(static_cast<int>(cut) * stride_, window_);
  if (stride_ < window_) score_new_steps(step, first, batch);
}

/// Takes the weights from the steps that an earlier window has scored, and from those beyond a
/// column's share of a stream.
template <class S>
void Stepper<S>::score_new_steps(std::int64_t step, int first, Batch& batch) const {
  for (int b = 0; b < batch.B; ++b) {
    const int column = first + b;
    const int from = begins_anew(step, column) ? 0 : window_ - stride_;
    std::int64_t to = batch.T;
    if (stream_) {
      const auto position = static_cast<std::int64_t>(walk_.position(column, step));
      to = std::min(to, walk_.end(column) - position);
    }
    for (int t = 0; t < batch.T; ++t) {
      if (t < from || t >= to) batch.weight[static_cast<std::size_t>(t * batch.B + b)] = 0;
    }
  }
}

/// Moves the states over the steps between the window before and the step's own.
template <class S>
void Stepper<S>::run_between(std::int64_t step, const Shard& shard, Worker& w) {
  const std::span<std::uint64_t> ids(w.ids.data(), static_cast<std::size_t>(shard.width));
  if (std::all_of(w.fresh, w.fresh + shard.width, [](bool fresh) { return fresh; })) return;
  const auto run = [&](int begin, int steps) {
    task_.draw({task_seed_, Stream::train}, ids, w.batch);
    w.batch.keep_steps(begin, steps);
    model_->predict(packed_.data(), w.batch, w.frame.data(), carried(shard, w));
  };
  if (!stream_) {
    sampler_.examples(step / cuts_, shard.first, ids);
    run(static_cast<int>(step % cuts_ - 1) * stride_ + window_, stride_ - window_);
    return;
  }
  for (int at = window_; at < stride_; at += facts_.length) {
    for (std::size_t b = 0; b < ids.size(); ++b) {
      ids[b] = w.fresh[b] ? 0
                          : walk_.position(shard.first + static_cast<int>(b), step - 1) +
                                static_cast<std::uint64_t>(at);
    }
    run(0, std::min(facts_.length, stride_ - at));
  }
}

/// The shard's part of the step's batch, which columns begin anew, and the states to begin with.
template <class S>
void Stepper<S>::draw(std::int64_t step, const Shard& shard, Worker& w) {
  for (int b = 0; b < shard.width; ++b) w.fresh[b] = begins_anew(step, shard.first + b);
  if (stride_ > window_) run_between(step, shard, w);
  draw_examples(step, shard.first, {w.ids.data(), static_cast<std::size_t>(shard.width)}, w.batch);
  w.batch.noise = {static_cast<std::uint64_t>(options_.seed), step, shard.first};
  w.batch.own_inputs = own_inputs(step);
}

/// Scheduled sampling's share at a step: linear from 0 at the first one (Bengio et al. 2015).
template <class S>
double Stepper<S>::own_inputs(std::int64_t step) const {
  if (options_.scheduled_sampling == 0) return 0;
  const double part = static_cast<double>(step) / static_cast<double>(options_.sampling_steps);
  return options_.scheduled_sampling * std::min(part, 1.0);
}

template <class S>
CarriedState<S> Stepper<S>::carried(const Shard& shard, const Worker& w) {
  const int entries = model_->state_size();
  return {.p = state_.size() > 0 ? state_.data() + shard.first * entries : nullptr,
          .ld = entries,
          .fresh = w.fresh,
          .leave_after = stride_ < window_ ? stride_ : 0};
}

template <class S>
Batch Stepper<S>::batch(std::int64_t step) {
  std::vector<std::uint64_t> ids(static_cast<std::size_t>(B_));
  Batch whole;
  sampler_.prepare(step / cuts_);
  draw_examples(step, 0, ids, whole);
  return whole;
}

template void Stepper<float>::draw(std::int64_t, const Shard&, Worker&);
template void Stepper<double>::draw(std::int64_t, const Shard&, Worker&);
template CarriedState<float> Stepper<float>::carried(const Shard&, const Worker&);
template CarriedState<double> Stepper<double>::carried(const Shard&, const Worker&);
template Batch Stepper<float>::batch(std::int64_t);
template Batch Stepper<double>::batch(std::int64_t);

}  // namespace rnnlab
