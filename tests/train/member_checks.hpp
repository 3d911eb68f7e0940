#pragma once

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "allocations.hpp"
#include "train/memory_sink.hpp"
#include "train/stepper.hpp"
#include "train/trainer.hpp"

namespace rnnlab::test {

/// That steps 1 … steps − 1 and an evaluation allocate nothing on one thread, and that the
/// parameters after them are the same bytes on one thread and on three.
inline void check_steps(const Task& task, const ModelOptions& model, const TrainOptions& options,
                        const Needs& needs, int steps) {
  std::vector<float> first;
  for (const int threads : {1, 3}) {
    Pool pool(threads);
    Stepper<float> stepper(task, {}, 5, model, options, pool);
    stepper.reserve(needs);
    const auto step = [&](std::int64_t k) {
      stepper.gradient(k, needs);
      stepper.update(k);
    };
    step(0);
    stepper.evaluate(Stream::valid, 100);
    const std::size_t before = rnnlab_test_allocations();
    for (int k = 1; k < steps; ++k) step(k);
    stepper.evaluate(Stream::valid, 100);
    // Where there are more, one may draw for the first time, into a scratch of its own, at any step.
    if (threads == 1) CHECK(rnnlab_test_allocations() - before == 0);
    const auto theta = stepper.parameters();
    if (first.empty()) {
      first.assign(theta.begin(), theta.end());
    } else {
      CHECK(std::memcmp(theta.data(), first.data(), first.size() * sizeof(float)) == 0);
    }
  }
}

/// That a run of nine steps that goes on from the fifth of its snapshots records what one that
/// never stopped does. `more` instruments than those of every model.
inline void check_snapshot(const Task& task, const ModelOptions& model, const TrainOptions& options,
                           const std::string& more = "") {
  const auto run_into = [&](MemorySink& sink) {
    TrainingRun run{.task = task,
                    .data = {.valid_examples = 20, .test_examples = 20},
                    .model = model,
                    .train = options,
                    .record = {},
                    .sink = sink};
    run.train.steps = 9;
    run.train.eval_every = 4;
    run.record.every = 3;
    run.record.instruments = "gradient-flow weight-gradient-by-time parameter-norms" + more;
    if (task.facts().loss != LossKind::ctc) run.record.instruments += " gradient-flow-last";
    return run;
  };
  MemorySink whole, rest;
  std::vector<Snapshot> snapshots;
  TrainingRun first = run_into(whole);
  first.keep_every = 1;
  first.keep = [&](const Snapshot& snapshot) { snapshots.push_back(snapshot); };
  train(first);
  const Snapshot& middle = snapshots.at(4);
  rest.earlier = &whole;
  rest.earlier_rows = middle.rows;
  TrainingRun second = run_into(rest);
  second.from = &middle.state;
  train(second);
  require_same(whole, rest);
}

}  // namespace rnnlab::test
