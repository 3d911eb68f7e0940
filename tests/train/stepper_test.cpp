#include "train/stepper.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <set>

#include "allocations.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;

namespace {

const Needs everything{.states = true, .last = true, .terms = true};

TrainOptions options(int batch) {
  TrainOptions o;
  o.batch = batch;
  o.clip_norm = 1;
  return o;
}

/// What a step can be asked for beyond the plain.
TrainOptions with_everything(TrainOptions o) {
  o.omega = 0.5;
  o.weight_decay = 0.01;
  o.centered = true;
  return o;
}

ModelOptions model(const std::string& cell, int layers) {
  ModelOptions o;
  o.cell = cell;
  o.leak = 0.5;
  o.h0 = cell == "lstm-peephole" ? "learned" : "zero";
  o.hidden = 37;
  o.layers = layers;
  return o;
}

/// Parameters and norms after `steps` steps on `threads` threads.
std::vector<float> after(const std::string& cell, const std::string& optimizer, int threads,
                         int steps) {
  const auto adding = task("adding", {{"length", 23}});
  Pool pool(threads);
  TrainOptions o = options(41);  // shards of 14, 14 and 13
  if (cell == "leaky") o = with_everything(o);
  o.optimizer = optimizer;
  Stepper<float> stepper(*adding, {}, 5, model(cell, 2), o, pool);
  stepper.reserve(everything);
  std::vector<float> all;
  for (int step = 0; step < steps; ++step) {
    const StepResult result = stepper.gradient(step, everything);
    for (double norm : stepper.view(step).parameter_norms) all.push_back(static_cast<float>(norm));
    for (int t = 0; t < 23; ++t) {
      const LayerSignals& layer = stepper.view(step).layers[0];
      all.push_back(static_cast<float>(layer.hidden[41 * t + 40]));
      all.push_back(static_cast<float>(layer.last[41 * t + 40]));
      all.push_back(static_cast<float>(layer.terms[t]));
    }
    all.push_back(static_cast<float>(result.loss));
    stepper.update(step);
  }
  all.insert(all.end(), stepper.parameters().begin(), stepper.parameters().end());
  return all;
}

}  // namespace

TEST_CASE("a training step gives the same bytes on any number of threads", "[determinism]") {
  const std::string cell = GENERATE("elman", "lstm", "gru", "leaky", "lstm-peephole");
  const std::string optimizer = GENERATE("sgd", "rmsprop", "adam", "adamw");
  const std::vector<float> one = after(cell, optimizer, 1, 4);
  for (int threads : {2, 3, 8}) {
    const std::vector<float> many = after(cell, optimizer, threads, 4);
    REQUIRE(many.size() == one.size());
    CHECK(std::memcmp(many.data(), one.data(), one.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("clipping of many tiles gives the same bytes on any number of threads", "[determinism]") {
  const auto adding = task("adding", {{"length", 5}});
  ModelOptions large = model("lstm", 1);
  large.hidden = 100;  // three tiles of parameters
  const auto after = [&](int threads) {
    Pool pool(threads);
    TrainOptions o = options(20);
    o.clip_norm = 1e-2;
    o.clip_value = 1e-3;
    Stepper<float> stepper(*adding, {}, 5, large, o, pool);
    std::vector<double> all;
    for (int step = 0; step < 3; ++step) {
      all.push_back(stepper.gradient(step, {}).grad_norm);
      all.push_back(stepper.update(step));
    }
    all.insert(all.end(), stepper.parameters().begin(), stepper.parameters().end());
    return all;
  };
  const std::vector<double> one = after(1);
  for (const int threads : {2, 3, 8}) CHECK(after(threads) == one);
}

TEST_CASE("a training step allocates nothing", "[allocations]") {
  const std::string cell = GENERATE("elman", "lstm", "gru", "leaky", "lstm-peephole");
  const std::string name = GENERATE("adding", "noise");
  const int threads = GENERATE(1, 3);
  const auto data = task(name, {{"length", 23}});
  Pool pool(threads);
  const TrainOptions o = cell == "leaky" ? with_everything(options(41)) : options(41);
  Stepper<float> stepper(*data, {}, 5, model(cell, 2), o, pool);
  stepper.reserve(everything);
  const auto step = [&](std::int64_t k) {
    stepper.gradient(k, everything);
    stepper.update(k);
  };
  step(0);
  stepper.evaluate(Stream::valid, 100);
  const std::size_t before = rnnlab_test_allocations();
  for (int k = 1; k < 20; ++k) step(k);
  stepper.evaluate(Stream::valid, 100);
  CHECK(rnnlab_test_allocations() - before == 0);
}

TEST_CASE("a batch's gradient is that of its examples, however it is cut into shards",
          "[stepper]") {
  // The mean over 41 examples in three shards, against the shards' own sums taken apart by hand:
  // the gradient of the whole must be the weighted mean of the gradients of batches 1 … 41.
  const auto adding = task("adding", {{"length", 11}, {"train_examples", 0}});
  Pool pool(1);
  Stepper<double> whole(*adding, {}, 0, model("lstm", 1), options(41), pool);
  const StepResult result = whole.gradient(0, {});

  // Sampling is by (seed, position): a batch of 1 sees example `step` at step `step`.
  Stepper<double> single(*adding, {}, 0, model("lstm", 1), options(1), pool);
  double loss = 0;
  for (int b = 0; b < 41; ++b) loss += single.gradient(b, {}).loss;
  CHECK(result.loss == Approx(loss / 41).epsilon(1e-12));
}

TEST_CASE("of a sum the gradients at states are those of each example's sum", "[stepper]") {
  const auto copy = task("copy", {{"delay", 7}});
  Batch drawn;
  const std::vector<std::uint64_t> first{0};
  copy->draw({0, Stream::train}, first, drawn);
  double scored = 0;
  for (const float weight : drawn.weight) scored += static_cast<double>(weight);
  REQUIRE(scored > 1);
  Pool pool(1);
  const auto hidden = [&](const std::string& reduction) {
    TrainOptions o = options(3);
    o.reduction = reduction;
    Stepper<double> stepper(*copy, {}, 0, model("lstm", 1), o, pool);
    stepper.reserve({.states = true});
    stepper.gradient(0, {.states = true});
    const double* at = stepper.view(0).layers[0].hidden;
    return std::vector(at, at + drawn.T * 3);
  };
  const std::vector<double> of_mean = hidden("mean"), of_sum = hidden("sum");
  for (std::size_t i = 0; i < of_sum.size(); ++i) {
    CHECK(of_sum[i] > 0);
    CHECK(of_sum[i] == Approx(scored * of_mean[i]).epsilon(1e-12));
  }
}

TEST_CASE("data of their own are trained on as many as they are", "[stepper]") {
  /// Eleven examples, whatever is asked for.
  class Eleven final : public Task {
   public:
    Facts facts() const override { return adding_->facts(); }
    std::int64_t examples(Stream) const override { return 11; }
    void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
      seen.insert(examples.begin(), examples.end());
      adding_->draw(key, examples, out);
    }
    mutable std::set<std::uint64_t> seen;

   private:
    std::unique_ptr<Task> adding_ = task("adding", {{"length", 5}});
  } data;
  Pool pool(1);
  Stepper<double> stepper(data, {.train_examples = 1000}, 0, model("lstm", 1), options(4), pool);
  for (int step = 0; step < 11; ++step) stepper.gradient(step, {});
  CHECK(data.seen.size() == 11);
  CHECK(*data.seen.rbegin() == 10);
}

TEST_CASE("clipping by norm keeps the direction and never exceeds the bound", "[stepper]") {
  const auto adding = task("adding", {{"length", 11}});
  Pool pool(1);
  TrainOptions sgd = options(8);
  sgd.optimizer = "sgd";
  sgd.lr = 1;
  sgd.clip_norm = 1e-3;
  TrainOptions free = sgd;
  free.clip_norm = 0;
  Stepper<double> clipped(*adding, {}, 0, model("gru", 1), sgd, pool);
  Stepper<double> unclipped(*adding, {}, 0, model("gru", 1), free, pool);
  const std::vector<double> start(clipped.parameters().begin(), clipped.parameters().end());
  const double norm = clipped.gradient(0, {}).grad_norm;
  unclipped.gradient(0, {});
  REQUIRE(norm > 1e-3);
  CHECK(clipped.update(0) == 1e-3);
  CHECK(unclipped.update(0) == norm);
  double length = 0, dot = 0, other = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const double a = clipped.parameters()[i] - start[i], b = unclipped.parameters()[i] - start[i];
    length += a * a;
    dot += a * b;
    other += b * b;
  }
  CHECK(std::sqrt(length) == Approx(1e-3).epsilon(1e-9));
  CHECK(dot / std::sqrt(length * other) == Approx(1).epsilon(1e-12));
}

TEST_CASE("clipping by value bounds every entry", "[stepper]") {
  const auto adding = task("adding", {{"length", 11}});
  Pool pool(1);
  TrainOptions o = options(8);
  o.optimizer = "sgd";
  o.lr = 1;
  o.clip_norm = 0;
  o.clip_value = 1e-3;
  Stepper<double> stepper(*adding, {}, 0, model("lstm", 1), o, pool);
  const std::vector<double> start(stepper.parameters().begin(), stepper.parameters().end());
  stepper.gradient(0, {});
  stepper.update(0);
  double largest = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    largest = std::max(largest, std::abs(stepper.parameters()[i] - start[i]));
  }
  CHECK(largest == Approx(1e-3).epsilon(1e-9));
}
