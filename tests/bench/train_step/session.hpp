#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "exec/pool.hpp"
#include "record/recorder.hpp"
#include "record/scratch.hpp"
#include "train/stepper.hpp"
#include "train_step/cases.hpp"

namespace rnnlab::bench {

/// Task `noise` with sequences of that length.
std::unique_ptr<Task> noise(int length);

/// Adam with the defaults of the program, and of PyTorch: lr 1e-3, β 0.9 and 0.999, ε 1e-8.
TrainOptions adam(int batch);

/// What a run with `record.every 1` and `record.instruments gradient-flow` writes into its run.h5,
/// step by step, flushed once a second.
class StepRecord {
 public:
  explicit StepRecord(const RunShape&);

  Needs needs() const { return instrument_->needs(); }
  void observe(const StepView& view) { instrument_->observe(view); }
  void row(std::int64_t step, const StepResult&, double clipped_norm);

 private:
  using Clock = std::chrono::steady_clock;

  test::Scratch folder_;
  Recorder recorder_;
  std::unique_ptr<Instrument> instrument_;
  Table& train_;
  Clock::time_point begun_ = Clock::now(), flushed_ = begun_;
};

/// One case, ready to step: warmed up, so that what comes is what every further step takes.
class Session {
 public:
  explicit Session(const Case&);

  /// Draw, forward, softmax cross-entropy at every t, full BPTT, Adam; traced cases record it.
  void step();
  const Model<float>& model() const { return stepper_.model(); }

 private:
  std::unique_ptr<Task> task_;
  Pool pool_;
  Stepper<float> stepper_;
  std::optional<StepRecord> record_;
  std::int64_t step_ = 0;
};

}  // namespace rnnlab::bench
