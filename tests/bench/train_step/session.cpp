#include "train_step/session.hpp"

#include <array>

#include "record/provenance.hpp"
#include "train/instruments/instruments.hpp"
#include "train/named_task.hpp"

namespace rnnlab::bench {
namespace {

constexpr int warm_up_steps = 3;

/// As the trainer has it.
Table& declare_train(Sink& sink) {
  return sink.table({.group = "metrics/train",
                     .columns = {{"loss", "nats", "loss over the scored positions"},
                                 {"grad_norm", "1", "global L2 norm before clipping, mean"},
                                 {"grad_norm_max", "1", "its maximum since the row before"},
                                 {"grad_norm_clipped", "1", "global L2 norm after clipping, mean"},
                                 {"clip_fraction", "1", "share of steps that were clipped"},
                                 {"learning_rate", "1", "learning rate"},
                                 {"seconds", "s", "wall time since the first step"},
                                 {"accuracy", "1", "share of positions predicted right"}}});
}

}  // namespace

std::unique_ptr<Task> noise(int length) { return task("noise", {{"length", length}}); }

TrainOptions adam(int batch) {
  TrainOptions options;
  options.batch = batch;
  return options;
}

StepRecord::StepRecord(const RunShape& shape)
    : recorder_(folder_.path("run.h5"), provenance(), "[task]\nname = noise\n", "auto"),
      instrument_(make_instrument("gradient-flow", shape, recorder_)),
      train_(declare_train(recorder_)) {
  recorder_.start();
}

void StepRecord::row(std::int64_t step, const StepResult& result, double clipped_norm) {
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  train_.row(step, std::array{result.loss, result.grad_norm, result.grad_norm, clipped_norm, 0.0,
                              1e-3, seconds, result.metric});
  if (now - flushed_ < std::chrono::seconds(1)) return;
  recorder_.flush();
  flushed_ = now;
}

Session::Session(const Case& c)
    : task_(noise(c.T)),
      pool_(c.threads),
      stepper_(*task_, DataOptions{}, 0, c.model(), adam(c.B), pool_) {
  flush_denormals();
  if (c.traced) {
    record_.emplace(stepper_.shape());
    stepper_.reserve(record_->needs());
  }
  for (int i = 0; i < warm_up_steps; ++i) step();
}

void Session::step() {
  const StepResult result = stepper_.gradient(step_, record_ ? record_->needs() : Needs{});
  if (record_) record_->observe(stepper_.view(step_));
  const double clipped_norm = stepper_.update(step_);
  if (record_) record_->row(step_, result, clipped_norm);
  ++step_;
}

}  // namespace rnnlab::bench
