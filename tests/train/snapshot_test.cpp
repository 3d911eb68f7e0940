#include <atomic>
#include <catch2/catch.hpp>

#include "train/memory_sink.hpp"
#include "train/named_task.hpp"
#include "train/trainer.hpp"

using namespace rnnlab;

namespace {

struct Setup {
  std::unique_ptr<Task> data;
  ModelOptions model;
  TrainOptions train;
  RecordOptions record;

  explicit Setup(const std::string& optimizer = "adam", const std::string& cell = "lstm") {
    data = task("adding", {{"length", 12}});
    model.cell = cell;
    model.hidden = 8;
    train.optimizer = optimizer;
    if (cell == "leaky") {  // and with it what else a step can remember
      train.centered = true;
      train.weight_decay = 0.01;
      train.omega = 0.5;
      model.leak = 0.5;
      model.h0 = "random";
    }
    train.momentum = optimizer == "adam" ? 0 : 0.9;
    train.steps = 23;
    train.batch = 5;
    train.eval_every = 4;
    record.every = 3;
    record.instruments =
        "gradient-flow parameter-norms gradient-flow-last weight-gradient-by-time spectral-radius";
  }
  TrainingRun run(Sink& sink) const {
    return {.task = *data,
            .data = {.valid_examples = 20, .test_examples = 30},
            .model = model,
            .train = train,
            .record = record,
            .sink = sink};
  }
};

struct Kept {
  MemorySink sink;
  std::vector<Snapshot> snapshots;
};

void keep_all(const Setup& setup, std::int64_t every, Kept& kept) {
  TrainingRun run = setup.run(kept.sink);
  run.keep_every = every;
  run.keep = [&](const Snapshot& snapshot) { kept.snapshots.push_back(snapshot); };
  train(run);
}

}  // namespace

TEST_CASE("a run that goes on from any snapshot has the bytes of one that never stopped",
          "[snapshot]") {
  for (const char* optimizer : {"adam", "adamw", "rmsprop", "sgd"}) {
    for (const char* cell : {"lstm", "gru", "elman", "leaky"}) {
      for (const std::int64_t truncate : {0, 5}) {
        Setup setup(optimizer, cell);
        setup.train.truncate = truncate;
        setup.train.schedule = truncate > 0 ? "cosine" : "constant";
        setup.train.warmup = truncate;
        setup.train.select = truncate > 0 ? "last" : "best";
        if (truncate > 0) setup.data = task("copy", {{"delay", 9}});
        MemorySink whole;
        train(setup.run(whole));
        Kept kept;
        keep_all(setup, 1, kept);
        require_same(whole, kept.sink);
        REQUIRE(kept.snapshots.size() == 23);  // before steps 1 … 22, and after the last
        for (const Snapshot& snapshot : kept.snapshots) {
          INFO(optimizer << " " << cell << " from step " << snapshot.step);
          MemorySink rest;
          rest.earlier = &kept.sink;
          rest.earlier_rows = snapshot.rows;
          TrainingRun run = setup.run(rest);
          run.from = &snapshot.state;
          train(run);
          require_same(whole, rest);
        }
      }
    }
  }
}

TEST_CASE("a finished run that is extended has the bytes of the longer one", "[snapshot]") {
  for (const std::int64_t steps : {1, 3, 4, 12, 17, 22}) {
    for (const std::int64_t longer : {23, 24, 32, 33}) {
      Setup setup;
      setup.train.select = longer % 2 == 0 ? "last" : "best";
      setup.train.steps = longer;
      MemorySink whole;
      train(setup.run(whole));
      setup.train.steps = steps;
      Kept kept;
      keep_all(setup, 1000, kept);
      REQUIRE(kept.snapshots.size() == 1);
      setup.train.steps = longer;
      MemorySink rest;
      rest.earlier = &kept.sink;
      rest.earlier_rows = kept.snapshots[0].rows_if_longer;
      TrainingRun run = setup.run(rest);
      run.from = &kept.snapshots[0].state;
      run.longer = true;
      INFO(steps << " to " << longer);
      train(run);
      require_same(whole, rest);
    }
  }
}

TEST_CASE("a stop is noticed in every phase, and what it leaves can be gone on from",
          "[snapshot]") {
  const Setup setup;
  MemorySink whole;
  train(setup.run(whole));
  // Stops at the n-th batch that is drawn, whatever it is drawn for.
  class Stopping final : public Task {
   public:
    Stopping(const Task& task, int at) : task_(task), left_(at) {}
    Facts facts() const override { return task_.facts(); }
    void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
      if (--left_ == 0) stop = true;
      task_.draw(key, examples, out);
    }
    mutable std::atomic<bool> stop{false};

   private:
    const Task& task_;
    mutable std::atomic<int> left_;
  };
  int interrupted = 0;
  for (int at = 1; at < 200; ++at) {
    INFO("at draw " << at);
    const Stopping task(*setup.data, at);
    Kept kept;
    const TrainOptions& options = setup.train;
    TrainingRun run{.task = task,
                    .data = {.valid_examples = 20, .test_examples = 30},
                    .model = setup.model,
                    .train = options,
                    .record = setup.record,
                    .sink = kept.sink,
                    .stop = &task.stop,
                    .keep = [&](const Snapshot& s) { kept.snapshots.push_back(s); }};
    run.keep_every = 1000;
    if (train(run).ended != Ended::interrupted) {
      require_same(whole, kept.sink);
      break;
    }
    ++interrupted;
    REQUIRE(!kept.snapshots.empty());
    MemorySink rest;
    rest.earlier = &kept.sink;
    rest.earlier_rows = kept.snapshots.back().rows;
    TrainingRun again = setup.run(rest);
    again.from = &kept.snapshots.back().state;
    train(again);
    require_same(whole, rest);
  }
  CHECK(interrupted > 30);  // 23 steps and the chunks of seven evaluations
  CHECK(interrupted < 199);
}
