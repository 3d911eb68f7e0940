#include <catch2/catch.hpp>

#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;

namespace {

struct Losses {
  double trained, evaluated;
};

/// Of the first parameters on step `step`'s batch, and on the test split.
Losses losses(double dropout, std::int64_t step, std::int64_t seed = 0) {
  const auto data = task("adding", {{"length", 9}});
  ModelOptions model;
  model.hidden = 16;
  model.dropout = dropout;
  TrainOptions train;
  train.batch = 20;
  train.seed = seed;
  Pool pool(1);
  Stepper<double> stepper(*data, {}, 5, model, train, pool);
  const double trained = stepper.gradient(step, {}).loss;
  const LossSums sums = stepper.evaluate(Stream::test, 100);
  return {trained, sums.loss / sums.weight};
}

}  // namespace

TEST_CASE("noise: dropout is at work in training steps and in them alone", "[train][noise]") {
  const Losses none = losses(0, 3), some = losses(0.5, 3), again = losses(0.5, 3);
  CHECK(none.trained != some.trained);
  CHECK(none.evaluated == some.evaluated);
  CHECK(some.trained == again.trained);
}

TEST_CASE("noise: scheduled sampling changes what a decoder reads once it has begun",
          "[train][noise]") {
  const auto data = task("reverse", {});
  ModelOptions model;
  model.hidden = 16;
  if (GENERATE(false, true)) {
    model.architecture = "transformer";
    model.attention = "multi-head";
  } else {
    model.bridge = "last";
  }
  const auto loss = [&](double share, std::int64_t step) {
    TrainOptions train;
    train.batch = 20;
    train.scheduled_sampling = share;
    train.sampling_steps = 10;
    Pool pool(1);
    Stepper<double> stepper(*data, {}, 5, model, train, pool);
    return stepper.gradient(step, {}).loss;
  };
  CHECK(loss(1, 0) == loss(0, 0));
  CHECK(loss(1, 10) != loss(0, 10));
  CHECK(loss(0.5, 10) == loss(0.5, 10));
}
