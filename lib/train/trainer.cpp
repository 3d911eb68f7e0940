#include "train/trainer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "exec/pool.hpp"
#include "train/instruments/instruments.hpp"
#include "train/interval.hpp"
#include "train/learning_rate.hpp"
#include "train/selection.hpp"
#include "train/stepper.hpp"
#include "train/test_scores.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const Column sequence_accuracy_column{"sequence_accuracy", "1",
                                      "share of examples whose whole target is right"};

Column metric_column(const Facts& facts, const std::string& loss_unit) {
  const std::string name = facts.metric_name();
  if (name == "bits_per_character") return {name, "bits", "mean of -log2 p of each character"};
  if (name == "perplexity") return {name, "1", "exp of the mean of -ln p of each word"};
  if (name == "label_error_rate") return {name, "1", "edits from the best path, per target label"};
  if (name == "mse") return {name, loss_unit, "mean squared error"};
  if (name == "nll") return {name, loss_unit, "-ln p of a step's outputs, summed over them"};
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
    if (o_.select == "best") best_.emplace(stepper_.facts().lower_is_better());
    declare();
  }

  Outcome run();

 private:
  using Clock = std::chrono::steady_clock;

  void declare();
  bool evaluate(std::int64_t step);  // false: stopped before its end, nothing is recorded
  void observe(std::int64_t step, bool regular, bool last);
  void record(std::int64_t step);
  void report(std::int64_t done, bool force);
  void finish();
  bool whole_sequences() const { return stepper_.facts().whole_sequences(); }
  bool stopped() const { return run_.stop && run_.stop->load(std::memory_order_relaxed); }
  bool keep_due(std::int64_t step) const {
    if (!run_.keep || step == first_step_) return false;
    return run_.keep_every > 0 ? step % run_.keep_every == 0 : seconds() - kept_ > 60;
  }
  void keep(std::int64_t step, RowCounts rows, RowCounts rows_if_longer = {});
  void restore();
  void ends(Ended how, const std::string& what, std::int64_t step) {
    outcome_.ended = how;
    outcome_.message = what + " at step " + std::to_string(step);
  }
  void diverge(std::int64_t step, const char* what);
  void put_back_carried() {
    std::copy(carried_.begin(), carried_.end(), stepper_.carried().begin());
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
  IntervalSums interval_;
  // What they would be in a longer run: of the last step, else nothing.
  IntervalSums interval_if_longer_;
  RowCounts rows_if_longer_;
  std::vector<S> carried_;            // what the step began with
  std::optional<Selection<S>> best_;  // if asked for
  double last_loss_ = nan, valid_metric_ = nan;
  Clock::time_point begun_ = Clock::now();
  std::int64_t first_step_ = 0;
  double reported_ = 0, kept_ = 0;  // seconds
  Outcome outcome_;
};

template <class S>
void Training<S>::declare() {
  const bool mse = stepper_.facts().loss == LossKind::mse;
  const std::string loss_unit = mse ? "squared target units" : "nats";
  const Column loss{"loss", loss_unit, "loss over the scored positions"};
  const Column metric = metric_column(stepper_.facts(), loss_unit);
  const Column time{"seconds", "s", "wall time since the first step"};
  std::vector<Column> columns{
      loss,
      {"grad_norm", "1", "global L2 norm of the gradient before clipping, mean"},
      {"grad_norm_max", "1", "its maximum since the row before"},
      {"grad_norm_clipped", "1", "global L2 norm after clipping, mean"},
      {"clip_fraction", "1", "share of steps that were clipped"},
      {"learning_rate", "1", "learning rate of the update"},
      time,
      metric};
  std::vector<Column> valid{loss, metric, time}, test{loss, metric};
  if (o_.omega > 0) columns.push_back({"omega", "1", "regulariser of train.omega, unweighted"});
  if (whole_sequences()) {
    for (auto* group : {&columns, &valid, &test}) group->push_back(sequence_accuracy_column);
  }
  for (const TestMetric& m : run_.task.test_metrics())
    test.push_back({m.name, m.units, m.long_name});
  train_ = &run_.sink.table({.group = "metrics/train", .columns = columns});
  if (o_.eval_every > 0) {
    valid_ = &run_.sink.table({.group = "metrics/valid", .columns = valid});
  }
  test_ = &run_.sink.table({.group = "metrics/test", .columns = test});
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
                     .long_name = (best_ ? "best value of " : "final value of ") + p.name,
                     .single = std::is_same_v<S, float>});
  }
  run_.sink.start();
}

template <class S>
bool Training<S>::evaluate(std::int64_t step) {
  const LossSums sums = stepper_.evaluate(Stream::valid, run_.data.valid_examples, run_.stop);
  if (stopped()) return false;
  valid_metric_ = quality(stepper_.facts(), sums);
  MetricsRow row{sums.loss / sums.weight, valid_metric_, seconds()};
  if (whole_sequences()) row.add(sequence_accuracy(sums));
  valid_->row(step, row);
  if (best_) best_->offer(step, valid_metric_, stepper_.parameters());
  return true;
}

template <class S>
void Training<S>::record(std::int64_t step) {
  const IntervalSums& i = interval_;
  MetricsRow row{i.mean_of_scored(i.loss),
                 i.mean(i.norm),
                 i.norm_max,
                 i.mean(i.clipped_norm),
                 i.mean(static_cast<double>(i.clipped)),
                 o_.lr * rate_factor(o_, step),
                 seconds(),
                 i.mean_of_scored(i.metric)};
  if (o_.omega > 0) row.add(i.mean(i.omega));
  if (whole_sequences()) row.add(i.mean(i.sequence_accuracy));
  train_->row(step, row);
  interval_ = {};
}

template <class S>
void Training<S>::report(std::int64_t done, bool force) {
  const double now = seconds();
  if (!run_.report || (!force && now - reported_ < 0.25)) return;
  reported_ = now;
  run_.report({done, o_.steps, last_loss_, valid_metric_, stepper_.facts().metric_name(), now});
}

template <class S>
void Training<S>::keep(std::int64_t step, RowCounts rows, RowCounts rows_if_longer) {
  if (!run_.keep) return;
  Snapshot snapshot{.step = step,
                    .rows = std::move(rows),
                    .state = {},
                    .rows_if_longer = std::move(rows_if_longer)};
  snapshot.state.put<std::int64_t>("step", std::array{step});
  snapshot.state.put<double>("interval", interval_.numbers());
  snapshot.state.put<double>("interval_if_longer", interval_if_longer_.numbers());
  snapshot.state.put<double>("latest", std::array{last_loss_, valid_metric_, seconds()});
  stepper_.save(snapshot.state);
  if (best_) best_->save(snapshot.state);
  run_.keep(snapshot);
  kept_ = seconds();
}

template <class S>
void Training<S>::restore() {
  const State& state = *run_.from;
  std::array<std::int64_t, 1> step;
  std::array<double, IntervalSums::count> interval;
  std::array<double, 3> latest;
  state.take<std::int64_t>("step", step);
  state.take<double>(run_.longer ? "interval_if_longer" : "interval", interval);
  state.take<double>("latest", latest);
  stepper_.load(state);
  if (best_) best_->load(state, stepper_.parameters().size());
  first_step_ = step[0];
  interval_ = IntervalSums::of(interval);
  last_loss_ = latest[0];
  valid_metric_ = latest[1];
  reported_ = kept_ = latest[2];
  begun_ -= std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(latest[2]));
}

template <class S>
void Training<S>::diverge(std::int64_t step, const char* what) {
  ends(Ended::diverged, std::string("the ") + what + " is not finite", step);
  put_back_carried();
  Divergence divergence{step, {}, stepper_.batch(step), {}};
  stepper_.save(divergence.state);
  try {
    divergence.first = stepper_.first_nonfinite(step);
  } catch (const std::bad_alloc&) {
    // The search needs memory of its own; that the run has diverged is known without it.
  }
  if (divergence.first) outcome_.message += ": first, " + described(*divergence.first);
  if (run_.diverged) run_.diverged(divergence);
}

template <class S>
void Training<S>::observe(std::int64_t step, bool regular, bool last) {
  const auto ask = [&](bool in_time) {
    for (const auto& instrument : instruments_) {
      if (instrument->due(step, regular) == in_time) instrument->observe(stepper_.view(step));
    }
  };
  ask(true);
  if (!last) return;
  rows_if_longer_ = run_.sink.rows();
  ask(false);
}

template <class S>
Outcome Training<S>::run() {
  Profiler profiler(run_.profile != nullptr);
  const auto interrupted = [&](std::int64_t step) {
    ends(Ended::interrupted, "stopped by a signal", step);
  };
  begun_ = Clock::now();
  if (run_.from) restore();
  std::int64_t step = first_step_;
  for (; step < o_.steps; ++step) {
    const bool too_long = o_.max_seconds > 0 && seconds() > o_.max_seconds;
    if (stopped() || too_long || keep_due(step)) keep(step, run_.sink.rows());
    if (stopped()) {
      interrupted(step);
      break;
    }
    if (too_long) {
      ends(Ended::time, "train.max_seconds reached", step);
      break;
    }
    const bool regular = step % run_.record.every == 0, last = step == o_.steps - 1;
    Needs needs;
    for (const auto& instrument : instruments_) {
      if (last || instrument->due(step, regular)) needs |= instrument->needs();
    }
    const bool validates = valid_ && step % o_.eval_every == 0;
    // What the step begins with, should it not come to its end.
    const RowCounts rows = validates && run_.keep ? run_.sink.rows() : RowCounts();
    carried_.assign(stepper_.carried().begin(), stepper_.carried().end());
    PhaseTimes times{};
    PhaseTimes* const read = profiler.reads_phases(step) ? &times : nullptr;
    stepper_.read_phases(read);
    profiler.begin();
    const StepResult result = stepper_.gradient(step, needs);
    // Of the same parameters, after their gradient: the first step waits for no validation.
    if (validates) {
      profiler.pause();
      const bool whole = evaluate(step);
      profiler.resume();
      if (!whole || reached_target()) {
        put_back_carried();
        keep(step, rows);
        whole ? ends(Ended::target, "train.target reached", step) : interrupted(step);
        break;
      }
    }
    if (result.scored) last_loss_ = result.loss;
    if (!result.finite) {
      interval_.add(result, result.grad_norm);
      record(step);
      diverge(step, std::isfinite(result.loss) ? "gradient" : "loss");
      break;
    }
    {
      const PhaseTimer timer(read, Phase::record);
      observe(step, regular, last);
    }
    interval_.add(result, stepper_.update(step));
    {
      const PhaseTimer timer(read, Phase::record);
      if (last && !regular) interval_if_longer_ = interval_;
      if (regular || last) record(step);
      if (last && regular) rows_if_longer_["metrics/train"] += 1;
      report(step + 1, false);
    }
    profiler.end(read);
  }
  outcome_.steps = step;
  if (step == o_.steps && step > first_step_) {
    if (const auto place = stepper_.nonfinite_parameter()) {
      ends(Ended::diverged, "an update is not finite", step - 1);
      outcome_.message += ": " + described(*place);
    } else {
      keep(step, run_.sink.rows(), rows_if_longer_);
    }
  }
  finish();
  if (run_.profile) *run_.profile = profiler.result();
  return outcome_;
}

template <class S>
void Training<S>::finish() {
  outcome_.loss = last_loss_;
  outcome_.test_loss = outcome_.test_metric = nan;
  const std::atomic<bool>* const stop =
      outcome_.ended == Ended::diverged ? nullptr : run_.stop;  // there is nothing to go on from
  const auto test = [&] {
    if (valid_ && outcome_.steps == o_.steps && !evaluate(outcome_.steps)) return false;
    std::int64_t tested = outcome_.steps;
    if (best_ && best_->any()) {
      tested = best_->step();
      stepper_.set_parameters(
          std::vector<double>(best_->parameters().begin(), best_->parameters().end()));
    }
    const LossSums sums = stepper_.evaluate(Stream::test, run_.data.test_examples, stop);
    if (stop && stopped()) return false;
    outcome_.test_loss = sums.loss / sums.weight;
    outcome_.test_metric = quality(stepper_.facts(), sums);
    std::vector<double> row{outcome_.test_loss, outcome_.test_metric};
    if (whole_sequences()) row.push_back(sequence_accuracy(sums));
    const std::vector<double> scores =
        test_scores<S>(run_.task, run_.task_seed, run_.model, stepper_, Stream::test,
                       run_.data.test_examples, stop);
    if (stop && stopped()) return false;
    row.insert(row.end(), scores.begin(), scores.end());
    test_->row(tested, row);
    for (const Parameter& p : stepper_.model().parameters()) {
      const auto values = stepper_.parameters().subspan(p.offset, p.size());
      run_.sink.write_array("model/parameters/" + p.name,
                            std::vector<double>(values.begin(), values.end()));
    }
    return true;
  };
  if (outcome_.ended != Ended::interrupted && !test()) {
    outcome_.ended = Ended::interrupted;
    outcome_.message = "stopped by a signal in the last evaluation";
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
  if (run.train.select == "best" && run.train.eval_every == 0) {
    throw Error(Exit::usage, "the best parameters need validations to be known", "train.select",
                "set train.eval_every above 0");
  }
  if (run.train.precision == "float64") return Training<double>(run).run();
  return Training<float>(run).run();
}

}  // namespace rnnlab
