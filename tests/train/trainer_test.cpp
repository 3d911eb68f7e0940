#include "train/trainer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

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

namespace {

/// Twelve steps of noise, the last six of which have a target.
class LateTargets final : public Task {
 public:
  Facts facts() const override {
    return {.inputs = 1, .outputs = 1, .length = 12, .readout = Readout::every};
  }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts(), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      for (std::size_t t = 0; t < 12; ++t) {
        out.x[t * B + b] = out.y[t * B + b] = rng.uniform();
        out.weight[t * B + b] = t >= 6;
      }
    }
  }
};

}  // namespace

TEST_CASE("steps that score nothing count in no mean of loss and metric", "[trainer]") {
  Setup every, coarse;
  for (Setup* s : {&every, &coarse}) {
    s->data = std::make_unique<LateTargets>();
    s->train.truncate = 3;
    s->train.steps = 16;
    s->train.eval_every = 0;
  }
  every.record.every = 1;
  coarse.record.every = 4;
  train(every.run());
  train(coarse.run());
  const auto loss = every.sink.tables.at("metrics/train").column("loss");
  const auto metric = every.sink.tables.at("metrics/train").column("mse");
  REQUIRE(loss.size() == 16);
  for (std::size_t k = 0; k < 16; ++k) {
    CAPTURE(k);
    CHECK(std::isnan(loss[k]) == (k % 4 < 2));
    CHECK(std::isnan(metric[k]) == (k % 4 < 2));
  }
  const auto mean = coarse.sink.tables.at("metrics/train").column("loss");
  CHECK(std::isnan(mean[0]));
  for (std::size_t row = 1; row < 4; ++row) {
    CAPTURE(row);
    const std::size_t k = 4 * row;  // of the steps k − 3 … k, k − 2 and k − 1 score
    CHECK(mean[row] == Approx((loss[k - 2] + loss[k - 1]) / 2).epsilon(1e-14));
  }
}

TEST_CASE("the learning rate follows its schedule, and its column says so", "[trainer]") {
  const auto rates = [](const char* schedule, std::int64_t warmup) {
    Setup s;
    s.record.every = 1;
    s.train.steps = 12;
    s.train.lr = 0.5;
    s.train.optimizer = "sgd";
    s.train.clip_norm = 1e-6;
    s.train.schedule = schedule;
    s.train.warmup = warmup;
    train(s.run());
    return s.sink.tables.at("metrics/train").column("learning_rate");
  };
  const auto require_rates = [](const std::vector<double>& got, std::vector<double> expected) {
    REQUIRE(got.size() == expected.size());
    for (std::size_t k = 0; k < got.size(); ++k)
      CHECK(got[k] == Approx(0.5 * expected[k]).epsilon(1e-12));
  };
  const double r = std::sqrt(0.75), s = std::sqrt(0.5);
  const double steep = std::cos(std::acos(-1.0) / 12), flat = std::sin(std::acos(-1.0) / 12);
  require_rates(rates("constant", 0), std::vector<double>(12, 1.0));
  require_rates(rates("constant", 4), {0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  require_rates(rates("linear", 2), {0.5, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1});
  require_rates(rates("cosine", 0),
                {1, (1 + steep) / 2, (1 + r) / 2, (1 + s) / 2, 0.75, (1 + flat) / 2, 0.5,
                 (1 - flat) / 2, 0.25, (1 - s) / 2, (1 - r) / 2, (1 - steep) / 2});
  CHECK(rates("linear", 40).back() == Approx(0.5 * 12 / 40));
}

TEST_CASE("a step is as long as the schedule says", "[trainer]") {
  // Of two linear steps the second is half: what is missing is half of its clipped gradient.
  const auto weights = [](const char* schedule, std::int64_t steps) {
    Setup s;
    s.train.optimizer = "sgd";
    s.train.lr = 1;
    s.train.clip_norm = 1e-3;
    s.train.eval_every = 0;
    s.train.schedule = schedule;
    s.train.steps = steps;
    train(s.run());
    return s.sink.arrays.at("model/parameters/weight_hh_l0");
  };
  const auto distance = [](const std::vector<double>& a, const std::vector<double>& b) {
    double square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(square);
  };
  CHECK(weights("constant", 1) == weights("linear", 1));
  CHECK(distance(weights("constant", 2), weights("linear", 2)) <= 0.5e-3 * 1.001);
  CHECK(distance(weights("constant", 2), weights("linear", 2)) > 0);
}

TEST_CASE("the best parameters are those of a run that ended at the best validation", "[trainer]") {
  std::set<std::int64_t> chosen;
  for (const double lr : {0.001, 0.1, 0.3, 1.0}) {
    Setup best;
    best.train.lr = lr;
    best.train.eval_every = 1;
    best.train.select = "best";
    const Outcome outcome = train(best.run());
    const auto& valid = best.sink.tables.at("metrics/valid");
    const auto mse = valid.column("mse");
    const auto least = std::min_element(mse.begin(), mse.end()) - mse.begin();
    const std::int64_t step = valid.steps[static_cast<std::size_t>(least)];
    CHECK(best.sink.tables.at("metrics/test").steps == std::vector{step});
    chosen.insert(step);
    if (step == 0) continue;
    Setup shorter;
    shorter.train.lr = lr;
    shorter.train.steps = step;
    CHECK(train(shorter.run()).test_loss == outcome.test_loss);
    CHECK(shorter.sink.arrays == best.sink.arrays);
  }
  CHECK(chosen.size() > 1);

  Setup blind;
  blind.train.select = "best";
  blind.train.eval_every = 0;
  CHECK_THROWS_WITH(train(blind.run()), Catch::Contains("train.select"));
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
  CHECK(std::isnan(table.column("loss").back()) == std::isnan(table.column("mse").back()));
  CHECK_FALSE(std::isfinite(table.column("grad_norm_max").back()));
}

TEST_CASE("a network that has come to NaN is right nowhere", "[trainer]") {
  Setup s;
  s.data = task("copy", {{"delay", 5}});
  s.model.cell = "elman";
  s.model.activation = "relu";
  s.train.optimizer = "sgd";
  s.train.lr = 1e30;
  const Outcome outcome = train(s.run());
  REQUIRE(outcome.ended == Ended::diverged);
  const auto& table = s.sink.tables.at("metrics/train");
  REQUIRE(std::isnan(table.column("loss").back()));
  CHECK(std::isnan(table.column("accuracy").back()));
  CHECK_FALSE(std::isfinite(table.column("grad_norm_max").back()));
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

namespace {

/// A task whose test metrics say what their scorer has seen.
class Scored final : public Task {
 public:
  explicit Scored(std::unique_ptr<Task> task) : task_(std::move(task)) {}
  Facts facts() const override { return task_->facts(); }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    task_->draw(key, examples, out);
  }
  std::vector<TestMetric> test_metrics() const override {
    return {{"seen", "examples", "as many as were shown"},
            {"again", "1", "the task's own metric, from predictions"}};
  }
  std::unique_ptr<Scorer> scorer(Stream split) const override {
    CHECK(split == Stream::test);
    return std::make_unique<Counter>(*task_);
  }

 private:
  class Counter final : public Scorer {
   public:
    explicit Counter(const Task& task) : facts_(task.facts()) {}
    void add(const Batch& drawn, std::span<const std::uint64_t> examples,
             std::span<const float> y) override {
      REQUIRE(drawn.B == static_cast<int>(examples.size()));
      if (facts_.readout == Readout::sequence) return;
      REQUIRE(y.size() == drawn.y.size());
      for (std::size_t b = 0; b < examples.size(); ++b) {
        CHECK(examples[b] == seen_);
        ++seen_;
        error_ += std::pow(static_cast<double>(y[b] - drawn.y[b]), 2);
      }
    }
    void add_decoded(std::uint64_t example, std::span<const std::int32_t> target) override {
      CHECK(example == seen_);
      CHECK(target.size() < static_cast<std::size_t>(facts_.target_length) + 1);
      ++seen_;
    }
    std::vector<double> values() const override {
      const double seen = static_cast<double>(seen_);
      return {seen, error_ / seen};
    }

   private:
    const Facts facts_;
    std::uint64_t seen_ = 0;
    double error_ = 0;
  };

  std::unique_ptr<Task> task_;
};

}  // namespace

TEST_CASE("a task's own test metrics see every example once, in order", "[trainer]") {
  for (const int threads : {1, 3}) {
    Setup s;
    s.data = std::make_unique<Scored>(std::move(s.data));
    TrainingRun run = s.run();
    run.data.test_examples = 77;
    run.threads = threads;
    const Outcome outcome = train(run);
    const auto& test = s.sink.tables.at("metrics/test");
    CHECK(test.column("seen") == std::vector<double>{77});
    CHECK(test.column("again")[0] == Approx(outcome.test_metric).epsilon(1e-6));
  }
}

TEST_CASE("of sequence to sequence a task's scorer sees what is decoded", "[trainer]") {
  Setup s;
  s.data = std::make_unique<Scored>(task("reverse", {{"length", 6}}));
  s.model.bridge = "transform";
  s.train.steps = 2;
  train(s.run());
  CHECK(s.sink.tables.at("metrics/test").column("seen") == std::vector<double>{30});
}
