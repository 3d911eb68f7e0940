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

TEST_CASE("sequence: a given vector is joined to the first step's input, or to every one's",
          "[nn][models][sequence]") {
  const std::string at = GENERATE("first", "every-step");
  const bool symbols = GENERATE(false, true);
  const std::string architecture = GENERATE("recurrent", "transformer", "tcn");
  CAPTURE(at, symbols, architecture);
  ModelOptions options;
  options.architecture = architecture;
  options.hidden = 19;
  options.input_at = at;
  const int B = static_cast<int>(lengths.size()), I = 3, G = 2;
  const Facts facts{.inputs = I,
                    .symbols = symbols,
                    .given = G,
                    .outputs = 6,
                    .length = 18,
                    .loss = LossKind::cross_entropy,
                    .readout = Readout::every};
  Facts joined = facts;
  joined.inputs = I + G;
  joined.symbols = false;
  joined.given = 0;
  Batch whole = ragged_batch(joined, lengths);
  Batch parts;
  parts.reset(facts, B);
  parts.length = whole.length;
  parts.weight = whole.weight;
  parts.label = whole.label;
  Rng rng({7, Stream::test}, 0);
  for (float& v : parts.given) v = static_cast<float>(rng.normal());
  for (int p = 0; p < 18 * B; ++p) {
    float* const to = whole.x.data() + size(p, I + G);
    if (symbols) {
      const auto symbol = static_cast<std::int32_t>(rng.below(I));
      parts.symbol[static_cast<std::size_t>(p)] = symbol;
      for (int i = 0; i < I; ++i) to[i] = i == symbol;
    } else {
      std::copy_n(to, I, parts.x.data() + size(p, I));
    }
    for (int g = 0; g < G; ++g) {
      const float value = parts.given[size(p % B, G) + static_cast<std::size_t>(g)];
      to[I + g] = p < B || at == "every-step" ? value : 0.0f;
    }
  }
  ModelRun<float> ours(options, facts, B), by_hand(options, joined, B);
  const auto theta = random_parameters(options, joined);
  ours.set(theta);
  by_hand.set(theta);
  CHECK(ours.train(parts).loss == by_hand.train(whole).loss);
  CHECK(ours.gradient() == by_hand.gradient());
  ModelRun<double> in_double(options, facts, B);
  in_double.set(theta);
  CHECK(in_double.train(parts).loss == Approx(by_hand.evaluate(whole).loss).epsilon(1e-5));
}
