#include <algorithm>
#include <numeric>

#include "train/stepper.hpp"

namespace rnnlab {
namespace {

/// Without the padding between steps.
template <class S>
std::vector<float> values_of(const Seq<S>& y) {
  std::vector<float> values(size(y.T, y.B, y.F));
  for (int p = 0; p < y.T * y.B; ++p)
    std::copy_n(y.at(0, p), y.F, values.begin() + static_cast<std::ptrdiff_t>(size(p, y.F)));
  return values;
}

}  // namespace

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

/// How a split that is a stream is read by pieces, side by side; without columns where it is none.
template <class S>
StreamWalk Stepper<S>::pieces_of(Stream split) const {
  const std::int64_t steps = task_.stream(split);
  const std::int64_t windows = (steps + facts_.length - 1) / facts_.length;
  return {steps, facts_.length, static_cast<int>(std::min<std::int64_t>(windows, stream_pieces))};
}

template <class S>
LossSums Stepper<S>::evaluate(Stream split, std::int64_t examples, const std::atomic<bool>* stop) {
  const StreamWalk walk = pieces_of(split);
  const bool stream = walk.columns() > 0;
  examples = stream ? walk.columns() : examples_of(split, examples);
  const int chunks = static_cast<int>((examples + shard_width - 1) / shard_width);
  const auto stopped = [&] { return stop && stop->load(std::memory_order_relaxed); };
  pool_.run(chunks, [&](int i, int thread) {
    Worker& w = workers_[static_cast<std::size_t>(thread)];
    LossSums& sums = eval_sums_[static_cast<std::size_t>(i)];
    sums = {};
    if (stopped()) return;
    const std::int64_t first = std::int64_t{i} * shard_width;
    if (stream) {
      const auto width = std::min<std::int64_t>(shard_width, examples - first);
      read_pieces(split, walk, {static_cast<int>(first), static_cast<int>(width)}, w, stopped,
                  [&](const CarriedState<S>& state) {
                    sums += model_->evaluate(packed_.data(), w.batch, w.frame.data(), state);
                  });
      return;
    }
    draw_split(split, first, examples, w);
    sums = model_->evaluate(packed_.data(), w.batch, w.frame.data());
  });
  LossSums total;
  for (int i = 0; i < chunks; ++i) total += eval_sums_[static_cast<std::size_t>(i)];
  return total;
}

/// Calls read(state) for the pieces' windows, one after the other, drawn into the worker's batch
/// with the weights of what is scored.
template <class S>
template <class Stopped, class Read>
void Stepper<S>::read_pieces(Stream split, const StreamWalk& walk, const Shard& pieces, Worker& w,
                             const Stopped& stopped, const Read& read) {
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

  for (std::int64_t i = 0; i < walk.longest() && !stopped(); ++i) {
    draw([&](int piece) { return walk.position(piece, i); });
    for (std::size_t b = 0; b < width; ++b) {
      if (i < walk.count(pieces.first + static_cast<int>(b))) continue;
      for (std::size_t at = b; at < w.batch.weight.size(); at += width) w.batch.weight[at] = 0;
    }
    read(state);
    std::fill_n(w.fresh, shard_width, false);
  }
}

template <class S>
void Stepper<S>::score_stream(Stream split, Scorer& scorer, const std::atomic<bool>* stop) {
  const StreamWalk walk = pieces_of(split);
  Worker& w = workers_.front();
  const auto stopped = [&] { return stop && stop->load(std::memory_order_relaxed); };
  for (int first = 0; first < walk.columns(); first += shard_width) {
    const Shard pieces{first, std::min(shard_width, walk.columns() - first)};
    read_pieces(split, walk, pieces, w, stopped, [&](const CarriedState<S>& state) {
      const Seq<S> y = model_->predict(packed_.data(), w.batch, w.frame.data(), state);
      scorer.add(w.batch, std::span(w.ids.data(), static_cast<std::size_t>(pieces.width)),
                 values_of(y));
    });
  }
}

template <class S>
void Stepper<S>::score(Stream split, std::int64_t examples, Scorer& scorer,
                       const std::atomic<bool>* stop) {
  if (task_.stream(split) > 0) return score_stream(split, scorer, stop);
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
      scored.y = values_of(y);
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
