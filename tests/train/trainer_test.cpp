#include "train/trainer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "allocations.hpp"
#include "base/error.hpp"
#include "train/memory_sink.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;

namespace {

struct Setup {
  std::unique_ptr<Task> data = task("adding", {{"length", 12}});
  MemorySink sink;
  ModelOptions model;
  TrainOptions train;
  RecordOptions record;

  Setup() {
    model.hidden = 8;
    train.steps = 23;
    train.batch = 5;
    train.eval_every = 10;
    record.every = 10;
  }
  TrainingRun run() {
    return {.task = *data,
            .data = {.valid_examples = 20, .test_examples = 30},
            .model = model,
            .train = train,
            .record = record,
            .sink = sink};
  }
};

}  // namespace

TEST_CASE("rows are written at steps 0, every, 2·every, … and the last", "[trainer]") {
  Setup s;
  const Outcome outcome = train(s.run());
  CHECK(s.sink.started);
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.steps == 23);
  const std::vector<std::int64_t> steps{0, 10, 20, 22};
  CHECK(s.sink.tables.at("metrics/train").steps == steps);
  CHECK(s.sink.tables.at("gradients/hidden/layers.0.forward").steps == steps);
  CHECK(s.sink.tables.at("gradients/cell/layers.0.forward").steps == steps);
  CHECK(s.sink.tables.at("gradients/parameters").steps == steps);
  CHECK(s.sink.tables.at("metrics/valid").steps == std::vector<std::int64_t>{0, 10, 20, 23});
  CHECK(s.sink.tables.at("metrics/test").steps == std::vector<std::int64_t>{23});
  CHECK(s.sink.tables.at("metrics/test").rows[0][1] == outcome.test_metric);
  CHECK(s.sink.arrays.at("model/parameters/weight_hh_l0").size() == 4 * 8 * 8);
}

TEST_CASE("a row is the mean over the steps since the row before", "[trainer]") {
  Setup every, coarse;
  every.record.every = 1;
  train(every.run());
  train(coarse.run());
  const auto loss = every.sink.tables.at("metrics/train").column("loss");
  const auto norm = every.sink.tables.at("metrics/train").column("grad_norm");
  const auto mean = coarse.sink.tables.at("metrics/train").column("loss");
  const auto largest = coarse.sink.tables.at("metrics/train").column("grad_norm_max");
  REQUIRE(loss.size() == 23);
  CHECK(mean[0] == loss[0]);
  double sum = 0, top = 0;
  for (std::size_t k = 1; k <= 10; ++k) {
    sum += loss[k];
    top = std::max(top, norm[k]);
  }
  CHECK(mean[1] == Approx(sum / 10).epsilon(1e-14));
  CHECK(largest[1] == top);
  CHECK(mean[3] == Approx((loss[21] + loss[22]) / 2).epsilon(1e-14));
}

TEST_CASE("what is recorded changes nothing that is trained", "[trainer]") {
  Setup with, without;
  with.record.every = 1;
  without.record.instruments = "";
  without.train.eval_every = 0;
  train(with.run());
  train(without.run());
  CHECK(with.sink.arrays == without.sink.arrays);
}

TEST_CASE("a run ends early at its target, its time and a signal", "[trainer]") {
  SECTION("target") {
    Setup s;
    s.train.target = 10;
    CHECK(train(s.run()).ended == Ended::target);
  }
  SECTION("time") {
    Setup s;
    s.train.steps = 1000000000;
    s.train.max_seconds = 0.05;
    CHECK(train(s.run()).ended == Ended::time);
    CHECK(s.sink.tables.at("metrics/test").steps.size() == 1);
  }
  SECTION("signal") {
    Setup s;
    const std::atomic<bool> stop = true;
    TrainingRun run = s.run();
    run.stop = &stop;
    CHECK(train(run).ended == Ended::interrupted);
    CHECK(s.sink.tables.at("metrics/test").steps.empty());
  }
  SECTION("a target without validations is a mistake") {
    Setup s;
    s.train.target = 0.1;
    s.train.eval_every = 0;
    CHECK_THROWS_AS(train(s.run()), Error);
  }
}

TEST_CASE("a loss that is not finite is a result", "[trainer]") {
  Setup s;
  s.model.cell = "elman";
  s.model.activation = "relu";
  s.train.optimizer = "sgd";
  s.train.lr = 1e6;
  s.train.steps = 200;
  const Outcome outcome = train(s.run());
  CHECK(outcome.ended == Ended::diverged);
  CHECK(outcome.steps < 200);
  CHECK(outcome.message.find("step " + std::to_string(outcome.steps)) != std::string::npos);
  const auto& table = s.sink.tables.at("metrics/train");
  CHECK(table.steps.back() == outcome.steps);
}

TEST_CASE("training allocates the same however long it is", "[allocations]") {
  const auto allocations = [](std::int64_t steps) {
    Setup s;
    NullSink sink;
    s.train.steps = steps;
    s.record.every = 1;
    TrainingRun run{.task = *s.data,
                    .data = {.valid_examples = 20, .test_examples = 30},
                    .model = s.model,
                    .train = s.train,
                    .record = s.record,
                    .sink = sink};
    const std::size_t before = rnnlab_test_allocations();
    train(run);
    return rnnlab_test_allocations() - before;
  };
  allocations(5);
  CHECK(allocations(500) == allocations(20));
}

TEST_CASE("an LSTM learns a short adding problem", "[trainer]") {
  Setup s;
  s.model.hidden = 32;
  s.model.forget_bias = 1;
  s.train.steps = 600;
  s.train.batch = 32;
  s.train.lr = 1e-2;
  s.train.clip_norm = 1;
  s.train.eval_every = 0;
  CHECK(train(s.run()).test_metric < 0.02);
}

TEST_CASE("float64 training agrees with float32", "[trainer]") {
  Setup single, twice;
  twice.train.precision = "float64";
  const Outcome a = train(single.run()), b = train(twice.run());
  CHECK(a.test_metric == Approx(b.test_metric).epsilon(1e-4));
  CHECK(a.test_metric != b.test_metric);
}
