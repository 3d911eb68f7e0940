#include "train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "exec/pool.hpp"
#include "train/instruments/instruments.hpp"
#include "train/stepper.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Means over the steps since the last row, and what else a row of `metrics/train` holds.
struct Interval {
  std::int64_t steps = 0;
  double loss = 0, metric = 0, norm = 0, norm_max = 0, clipped_norm = 0;
  std::int64_t clipped = 0;

  void add(const StepResult& r, double clipped_to) {
    ++steps;
    loss += r.loss;
    metric += r.metric;
    norm += r.grad_norm;
    norm_max = std::max(norm_max, r.grad_norm);
    clipped_norm += clipped_to;
    clipped += clipped_to < r.grad_norm;
  }
  double mean(double sum) const { return sum / static_cast<double>(steps); }
};

Column metric_column(const Facts& facts, const std::string& loss_unit) {
  const std::string name = facts.metric_name();
  if (name == "bits_per_character") return {name, "bits", "mean of -log2 p of each character"};
  if (name == "mse") return {name, loss_unit, "mean squared error"};
  return {name, "1", "share of scored positions predicted right"};
}

template <class S>
class Training {
 public:
  explicit Training(const TrainingRun& run)
      : run_(run),
        o_(run.train),
        pool_(run.threads),
        stepper_(run.task, run.data, run.task_seed, run.model, run.train, pool_) {
    declare();
  }

  Outcome run();

 private:
  using Clock = std::chrono::steady_clock;

  void declare();
  void evaluate(std::int64_t step);
  void record(std::int64_t step);
  void report(std::int64_t done, bool force);
  void finish();
  bool is_due(std::int64_t step) const {
    return step % run_.record.every == 0 || step == o_.steps - 1;
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  bool reached_target() const {
    if (o_.target == 0 || std::isnan(valid_metric_)) return false;
    return stepper_.facts().lower_is_better() ? valid_metric_ <= o_.target
                                              : valid_metric_ >= o_.target;
  }

  const TrainingRun& run_;
  const TrainOptions& o_;
  Pool pool_;
  Stepper<S> stepper_;
  std::vector<std::unique_ptr<Instrument>> instruments_;
  Table *train_ = nullptr, *valid_ = nullptr, *test_ = nullptr;
  Interval interval_, since_report_;
  double last_loss_ = nan, valid_metric_ = nan;
  Clock::time_point begun_ = Clock::now();
  double reported_ = 0;
  Outcome outcome_;
};

template <class S>
void Training<S>::declare() {
  const bool mse = stepper_.facts().loss == LossKind::mse;
  const std::string loss_unit = mse ? "squared target units" : "nats";
  const Column loss{"loss", loss_unit, "loss over the scored positions"};
  const Column metric = metric_column(stepper_.facts(), loss_unit);
  const Column time{"seconds", "s", "wall time since the first step"};
  train_ = &run_.sink.table(
      {.group = "metrics/train",
       .columns = {loss,
                   {"grad_norm", "1", "global L2 norm of the gradient before clipping, mean"},
                   {"grad_norm_max", "1", "its maximum since the row before"},
                   {"grad_norm_clipped", "1", "global L2 norm after clipping, mean"},
                   {"clip_fraction", "1", "share of steps that were clipped"},
                   {"learning_rate", "1", "learning rate"},
                   time,
                   metric}});
  if (o_.eval_every > 0) {
    valid_ = &run_.sink.table({.group = "metrics/valid", .columns = {loss, metric, time}});
  }
  test_ = &run_.sink.table({.group = "metrics/test", .columns = {loss, metric}});
  const RunShape shape = stepper_.shape();
  Needs needs;
  for (const std::string& name : words(run_.record.instruments)) {
    instruments_.push_back(make_instrument(name, shape, run_.sink));
    needs |= instruments_.back()->needs();
  }
  stepper_.reserve(needs);
  for (const Parameter& p : shape.parameters) {
    std::vector<std::int64_t> dims{p.rows};
    if (p.columns > 0) dims.push_back(p.columns);
    run_.sink.array({.path = "model/parameters/" + p.name,
                     .shape = dims,
                     .units = "1",
                     .long_name = "final value of " + p.name,
                     .single = std::is_same_v<S, float>});
  }
  run_.sink.start();
}

template <class S>
void Training<S>::evaluate(std::int64_t step) {
  const LossSums sums = stepper_.evaluate(Stream::valid, run_.data.valid_examples);
  valid_metric_ = quality(stepper_.facts(), sums);
  valid_->row(step, std::array{sums.loss / sums.weight, valid_metric_, seconds()});
}

template <class S>
void Training<S>::record(std::int64_t step) {
  const Interval& i = interval_;
  train_->row(
      step, std::array{i.mean(i.loss), i.mean(i.norm), i.norm_max, i.mean(i.clipped_norm),
                       i.mean(static_cast<double>(i.clipped)), o_.lr, seconds(), i.mean(i.metric)});
  interval_ = {};
}

template <class S>
void Training<S>::report(std::int64_t done, bool force) {
  const double now = seconds();
  if (!run_.report || (!force && now - reported_ < 0.25)) return;
  reported_ = now;
  run_.report({done, o_.steps, last_loss_, valid_metric_, now});
}

template <class S>
Outcome Training<S>::run() {
  Profiler profiler(run_.profile != nullptr);
  const auto ends = [&](Ended how, std::string message) {
    outcome_.ended = how;
    outcome_.message = std::move(message);
  };
  begun_ = Clock::now();
  std::int64_t step = 0;
  for (; step < o_.steps; ++step) {
    if (run_.stop && run_.stop->load(std::memory_order_relaxed)) {
      ends(Ended::interrupted, "stopped by a signal at step " + std::to_string(step));
      break;
    }
    if (o_.max_seconds > 0 && seconds() > o_.max_seconds) {
      ends(Ended::time, "train.max_seconds reached at step " + std::to_string(step));
      break;
    }
    const bool due = is_due(step);
    Needs needs;
    for (const auto& instrument : instruments_) {
      if (instrument->due(step, due)) needs |= instrument->needs();
    }
    PhaseTimes times{};
    PhaseTimes* const read = profiler.reads_phases(step) ? &times : nullptr;
    stepper_.read_phases(read);
    profiler.begin();
    const StepResult result = stepper_.gradient(step, needs);
    // Of the same parameters, after their gradient: the first step waits for no validation.
    if (valid_ && step % o_.eval_every == 0) {
      profiler.pause();
      evaluate(step);
      profiler.resume();
      if (reached_target()) {
        ends(Ended::target, "train.target reached at step " + std::to_string(step));
        break;
      }
    }
    last_loss_ = result.loss;
    if (!result.finite) {
      interval_.add(result, result.grad_norm);
      record(step);
      ends(Ended::diverged, "the " + std::string(std::isfinite(result.loss) ? "gradient" : "loss") +
                                " is not finite at step " + std::to_string(step));
      break;
    }
    {
      const PhaseTimer timer(read, Phase::record);
      for (const auto& instrument : instruments_) {
        if (instrument->due(step, due)) instrument->observe(stepper_.view(step));
      }
    }
    interval_.add(result, stepper_.update(step));
    {
      const PhaseTimer timer(read, Phase::record);
      if (due) record(step);
      report(step + 1, false);
    }
    profiler.end(read);
  }
  outcome_.steps = step;
  finish();
  if (run_.profile) *run_.profile = profiler.result();
  return outcome_;
}

template <class S>
void Training<S>::finish() {
  outcome_.loss = last_loss_;
  outcome_.test_loss = outcome_.test_metric = nan;
  if (outcome_.ended != Ended::interrupted) {
    if (valid_ && outcome_.steps == o_.steps) evaluate(outcome_.steps);
    const LossSums sums = stepper_.evaluate(Stream::test, run_.data.test_examples);
    outcome_.test_loss = sums.loss / sums.weight;
    outcome_.test_metric = quality(stepper_.facts(), sums);
    test_->row(outcome_.steps, std::array{outcome_.test_loss, outcome_.test_metric});
    for (const Parameter& p : stepper_.model().parameters()) {
      const auto values = stepper_.parameters().subspan(p.offset, p.size());
      run_.sink.write_array("model/parameters/" + p.name,
                            std::vector<double>(values.begin(), values.end()));
    }
  }
  outcome_.seconds = seconds();
  report(outcome_.steps, true);
}

}  // namespace

const char* state_name(Ended ended) {
  switch (ended) {
    case Ended::diverged: return "diverged";
    case Ended::interrupted: return "interrupted";
    default: return "completed";
  }
}

bool flushes_denormals() {
  flush_denormals();
  return denormals_are_flushed();
}

Outcome train(const TrainingRun& run) {
  if (run.train.target > 0 && run.train.eval_every == 0) {
    throw Error(Exit::usage, "a target needs validations to be seen", "train.target",
                "set train.eval_every above 0");
  }
  if (run.train.precision == "float64") return Training<double>(run).run();
  return Training<float>(run).run();
}

}  // namespace rnnlab
