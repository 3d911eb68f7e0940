#include <algorithm>
#include <numeric>

#include "train/stepper.hpp"

namespace rnnlab {

/// How many examples a split has, `most` where it has as many as one asks for.
template <class S>
std::int64_t Stepper<S>::examples_of(Stream split, std::int64_t most) const {
  const std::int64_t own = task_.examples(split);
  return own > 0 ? own : most;
}

/// A shard of a split of so many examples, from the `first` on.
template <class S>
std::span<const std::uint64_t> Stepper<S>::draw_split(Stream split, std::int64_t first,
                                                      std::int64_t examples, Worker& w) {
  const std::span<std::uint64_t> ids(w.ids.data(), static_cast<std::size_t>(std::min<std::int64_t>(
                                                       shard_width, examples - first)));
  std::iota(ids.begin(), ids.end(), static_cast<std::uint64_t>(first));
  task_.draw({task_seed_, split}, ids, w.batch);
  if (trims_) w.batch.trim(facts_.readout);
  return ids;
}

template <class S>
LossSums Stepper<S>::evaluate(Stream split, std::int64_t examples, const std::atomic<bool>* stop) {
  const std::int64_t steps = task_.stream(split);
  const std::int64_t windows = (steps + facts_.length - 1) / facts_.length;
  const int pieces = static_cast<int>(std::min<std::int64_t>(windows, stream_pieces));
  const StreamWalk walk(steps, facts_.length, pieces);
  examples = steps > 0 ? pieces : examples_of(split, examples);
  const int chunks = static_cast<int>((examples + shard_width - 1) / shard_width);
  const auto stopped = [&] { return stop && stop->load(std::memory_order_relaxed); };
  pool_.run(chunks, [&](int i, int thread) {
    Worker& w = workers_[static_cast<std::size_t>(thread)];
    LossSums& sums = eval_sums_[static_cast<std::size_t>(i)];
    sums = {};
    if (stopped()) return;
    const std::int64_t first = std::int64_t{i} * shard_width;
    if (steps > 0) {
      const auto width = std::min<std::int64_t>(shard_width, examples - first);
      sums = evaluate_pieces(split, walk, {static_cast<int>(first), static_cast<int>(width)}, w,
                             stopped);
      return;
    }
    draw_split(split, first, examples, w);
    sums = model_->evaluate(packed_.data(), w.batch, w.frame.data());
  });
  LossSums total;
  for (int i = 0; i < chunks; ++i) total += eval_sums_[static_cast<std::size_t>(i)];
  return total;
}

template <class S>
template <class Stopped>
LossSums Stepper<S>::evaluate_pieces(Stream split, const StreamWalk& walk, const Shard& pieces,
                                     Worker& w, const Stopped& stopped) {
  const auto width = static_cast<std::size_t>(pieces.width);
  const CarriedState<S> state{.p = w.state.data(), .ld = model_->state_size(), .fresh = w.fresh};
  std::fill_n(w.fresh, shard_width, true);
  const auto draw = [&](auto&& position) {
    for (int b = 0; b < pieces.width; ++b) {
      w.ids[static_cast<std::size_t>(b)] = position(pieces.first + b);
    }
    task_.draw({task_seed_, split}, std::span(w.ids.data(), width), w.batch);
  };
  for (std::int64_t i = stream_warm_up; i > 0; --i) {
    draw([&](int piece) {
      return static_cast<std::uint64_t>(std::max<std::int64_t>(walk.before(piece, i), 0));
    });
    model_->predict(packed_.data(), w.batch, w.frame.data(), state);
    for (int b = 0; b < pieces.width; ++b) w.fresh[b] = walk.before(pieces.first + b, i) < 0;
  }

  LossSums total;
  for (std::int64_t i = 0; i < walk.longest() && !stopped(); ++i) {
    draw([&](int piece) { return walk.position(piece, i); });
    for (std::size_t b = 0; b < width; ++b) {
      if (i < walk.count(pieces.first + static_cast<int>(b))) continue;
      for (std::size_t at = b; at < w.batch.weight.size(); at += width) w.batch.weight[at] = 0;
    }
    total += model_->evaluate(packed_.data(), w.batch, w.frame.data(), state);
    std::fill_n(w.fresh, shard_width, false);
  }
  return total;
}

template <class S>
void Stepper<S>::score(Stream split, std::int64_t examples, Scorer& scorer,
                       const std::atomic<bool>* stop) {
  struct Scored {
    Batch batch;
    std::vector<std::uint64_t> ids;
    std::vector<float> y;
  };
  examples = examples_of(split, examples);
  std::vector<Scored> wave(workers_.size());  // one for each thread at a time
  for (std::int64_t first = 0; first < examples;) {
    const std::int64_t left = (examples - first + shard_width - 1) / shard_width;
    const int chunks = static_cast<int>(std::min<std::int64_t>(std::ssize(wave), left));
    pool_.run(chunks, [&](int i, int thread) {
      if (stop && stop->load(std::memory_order_relaxed)) return;
      Worker& w = workers_[static_cast<std::size_t>(thread)];
      Scored& scored = wave[static_cast<std::size_t>(i)];
      const auto ids = draw_split(split, first + std::int64_t{i} * shard_width, examples, w);
      const Seq<S> y = model_->predict(packed_.data(), w.batch, w.frame.data());
      scored.ids.assign(ids.begin(), ids.end());
      scored.y.resize(size(y.T, y.B, y.F));
      for (int p = 0; p < y.T * y.B; ++p)
        std::copy_n(y.at(0, p), y.F, scored.y.begin() + static_cast<std::ptrdiff_t>(size(p, y.F)));
      scored.batch = w.batch;
    });
    if (stop && stop->load(std::memory_order_relaxed)) return;
    for (int i = 0; i < chunks; ++i) {
      const Scored& scored = wave[static_cast<std::size_t>(i)];
      scorer.add(scored.batch, scored.ids, scored.y);
    }
    first += std::int64_t{chunks} * shard_width;
  }
}

template LossSums Stepper<float>::evaluate(Stream, std::int64_t, const std::atomic<bool>*);
template LossSums Stepper<double>::evaluate(Stream, std::int64_t, const std::atomic<bool>*);
template void Stepper<float>::score(Stream, std::int64_t, Scorer&, const std::atomic<bool>*);
template void Stepper<double>::score(Stream, std::int64_t, Scorer&, const std::atomic<bool>*);

}  // namespace rnnlab
