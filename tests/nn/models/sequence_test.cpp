#include "nn/models/sequence.hpp"

#include <catch2/catch.hpp>

#include "nn/cores.hpp"
#include "nn/models/exact.hpp"
#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

template <class F>
void for_each_model(F&& f) {
  for (const Core& core : all_cores()) {
    for (const int layers : {1, 2, 3}) {
      for (const Readout readout : {Readout::last, Readout::every}) {
        for (const LossKind kind : {LossKind::mse, LossKind::cross_entropy}) {
          CAPTURE(core.name(), layers, static_cast<int>(readout), static_cast<int>(kind));
          ModelOptions options;
          options.layers = layers;
          options.hidden = layers == 3 ? 5 : 19;
          core.set(options);
          options.bias = layers != 3;
          f(options,
            Facts{.inputs = 3, .outputs = 6, .length = 18, .loss = kind, .readout = readout});
        }
      }
    }
  }
}

const std::vector<int> lengths{18, 1, 16, 17, 7};

}  // namespace

TEST_CASE("sequence: loss and gradient are the textbook's", "[nn][models][sequence]") {
  for_each_model([](const ModelOptions& options, const Facts& facts) {
    const Batch batch = ragged_batch(facts, lengths);
    const auto theta = random_parameters(options, facts);
    const Exact right = exact(options, facts, batch, theta);

    ModelRun<double> ours(options, facts, batch.B);
    ours.set(theta);
    const LossSums sums = ours.train(batch);
    CHECK(sums.loss == Approx(right.sums.loss).epsilon(1e-12));
    CHECK(sums.weight == right.sums.weight);
    CHECK(relative_error(ours.model->parameters(), ours.gradient(), right.gradient) <= 1e-10);

    ModelRun<float> single(options, facts, batch.B);
    single.set(theta);
    CHECK(single.train(batch).loss == Approx(right.sums.loss).epsilon(1e-5));
    CHECK(relative_error(single.model->parameters(), single.gradient(), right.gradient) <= 1e-4);
  });
}

TEST_CASE("sequence: evaluate is train's loss, bit for bit", "[nn][models][sequence]") {
  for_each_model([](const ModelOptions& options, const Facts& facts) {
    const Batch batch = ragged_batch(facts, lengths);
    ModelRun<float> ours(options, facts, batch.B);
    ours.set(random_parameters(options, facts));
    const LossSums evaluated = ours.evaluate(batch), trained = ours.train(batch);
    CHECK(evaluated.loss == trained.loss);
    CHECK(evaluated.weight == trained.weight);
    CHECK(evaluated.metric == trained.metric);
    CHECK(evaluated.loss > 0);
  });
}

TEST_CASE("sequence: gradients of several shards add up in one slab", "[nn][models][sequence]") {
  for_each_model([](const ModelOptions& options, const Facts& facts) {
    const Batch batch = ragged_batch(facts, lengths);
    ModelRun<double> ours(options, facts, batch.B);
    ours.set(random_parameters(options, facts));
    ours.train(batch);
    auto twice = ours.gradient();
    for (double& v : twice) v *= 2;
    ours.train(batch);
    CHECK(relative_error(ours.model->parameters(), ours.gradient(), twice) <= 1e-12);
  });
}
