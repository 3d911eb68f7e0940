#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "allocations.hpp"
#include "base/error.hpp"
#include "nn/models/members.hpp"
#include "nn/models/model_run.hpp"
#include "train/ctc_task.hpp"
#include "train/gradcheck.hpp"
#include "train/memory_sink.hpp"
#include "train/retake.hpp"
#include "train/stepper.hpp"
#include "train/trainer.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Numbers in, labels out: drawn, and of no meaning.
class Drawn final : public Task {
 public:
  explicit Drawn(Facts facts) : facts_(facts) {}
  Facts facts() const override { return facts_; }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts_, static_cast<int>(examples.size()));
    Rng rng(key, examples.front());
    for (float& x : out.x) x = static_cast<float>(rng.normal());
    for (std::size_t b = 0; b < examples.size(); ++b) {
      out.target_steps[b] = static_cast<int>(b) % 3;  // 0, 1 and 2
      for (std::size_t u = 0; u < 2 && u < b % 3; ++u)
        out.label[u * examples.size() + b] = static_cast<std::int32_t>(1 + rng.below(3));
      const auto first = static_cast<std::size_t>(facts_.length) - (facts_.rows > 0 ? 0 : b);
      out.length[b] = static_cast<int>(first);
      for (std::size_t t = first; t < static_cast<std::size_t>(facts_.length); ++t) {
        const std::size_t at = t * examples.size() + b;
        out.weight[at] = 0;
        std::fill_n(&out.x[at * 3], 3, 0.0f);
      }
    }
  }

 private:
  Facts facts_;
};

ModelOptions bi_lstm(int hidden) {
  ModelOptions o;
  o.direction = "bidirectional";
  o.hidden = hidden;
  o.forget_bias = 1;
  return o;
}

TrainOptions options(int batch) {
  TrainOptions o;
  o.batch = batch;
  o.lr = 0.01;
  o.clip_norm = 1;
  return o;
}

struct Setup {
  Marks task;
  MemorySink sink;
  ModelOptions model = bi_lstm(12);
  TrainOptions train = options(16);
  RecordOptions record;

  TrainingRun run() {
    return {.task = task,
            .data = {.valid_examples = 40, .test_examples = 100},
            .model = model,
            .train = train,
            .record = record,
            .sink = sink};
  }
  void refuses(const std::string& key) {
    CAPTURE(key);
    try {
      rnnlab::train(run());
      FAIL("nothing was refused");
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      CHECK_THAT(error.what(), Catch::Contains("(" + key + ")"));
    }
  }
};

/// Marks, but for one training example that asks for more labels than it has steps.
class TooLong final : public Task {
 public:
  Facts facts() const override { return marks_.facts(); }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    marks_.draw(key, examples, out);
    if (key.stream != Stream::train || examples.size() < 4) return;
    out.length[2] = out.target_steps[2] = 3;
    for (std::size_t t = 0; t < Marks::longest; ++t) {
      if (t < 3) out.label[t * examples.size() + 2] = 1;
      out.weight[t * examples.size() + 2] = t < 3 ? 1.0f : 0.0f;
    }
  }

 private:
  Marks marks_;
};

}  // namespace

TEST_CASE("ctc: the made task is one", "[train][ctc]") {
  const Marks task;
  Batch batch;
  std::vector<std::uint64_t> ids(500);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  task.draw({1, Stream::train}, ids, batch);
  CHECK(fits_ctc(task.facts(), batch));
  batch.label[0] = 5;
  CHECK_FALSE(fits_ctc(task.facts(), batch));
}

TEST_CASE("ctc: the gradient of every preset", "[train][ctc][gradcheck]") {
  std::size_t checked = 0;
  for (const Member& member : presets()) {
    if (member.options.truncated_gradient) continue;  // is not the derivative
    CAPTURE(member.name);
    const Facts facts = fitted(member.options,
                               {.inputs = 3,
                                .outputs = 4,
                                .length = 6,
                                .target_length = 2,
                                .loss = LossKind::ctc,
                                .readout = Readout::every},
                               2);
    for (const GradientError& e : gradcheck(Drawn(facts), member.options, 2, 3)) {
      CAPTURE(e.parameter, e.entries, e.kinks);
      CHECK(e.error <= 1e-6);
    }
    ++checked;
  }
  CHECK(checked > 20);
}

TEST_CASE("ctc: a training step allocates nothing", "[allocations][ctc]") {
  const int threads = GENERATE(1, 3);
  const bool traced = GENERATE(false, true);
  const Needs needs{.states = traced};
  const Marks task;
  Pool pool(threads);
  Stepper<float> stepper(task, {}, 5, bi_lstm(9), options(41), pool);
  stepper.reserve(needs);
  stepper.gradient(0, needs);
  stepper.update(0);
  stepper.evaluate(Stream::valid, 100);
  const std::size_t before = rnnlab_test_allocations();
  for (int k = 1; k < 20; ++k) {
    stepper.gradient(k, needs);
    stepper.update(k);
  }
  stepper.evaluate(Stream::valid, 100);
  CHECK(rnnlab_test_allocations() - before == 0);
}

TEST_CASE("ctc: the same bytes on any number of threads", "[determinism][ctc]") {
  const auto after = [](int threads) {
    const Marks task;
    Pool pool(threads);
    Stepper<float> stepper(task, {}, 5, bi_lstm(9), options(41), pool);
    std::vector<double> all;
    for (int k = 0; k < 4; ++k) {
      const StepResult result = stepper.gradient(k, {});
      stepper.update(k);
      all.insert(all.end(), {result.loss, result.metric, result.sequence_accuracy});
    }
    all.insert(all.end(), stepper.parameters().begin(), stepper.parameters().end());
    return all;
  };
  const std::vector<double> one = after(1);
  for (const int threads : {2, 3}) CHECK(after(threads) == one);
}

TEST_CASE("ctc: a batch is its examples, each told in nats per step", "[train][ctc]") {
  // A batch of 1 sees example `step` at step `step`.
  const Marks task;
  Pool pool(1);
  const Needs needs{.states = true};
  constexpr int B = 21;  // two shards
  TrainOptions sum = options(B);
  sum.reduction = "sum";
  Stepper<double> whole(task, {}, 0, bi_lstm(5), options(B), pool);
  Stepper<double> summed(task, {}, 0, bi_lstm(5), sum, pool);
  Stepper<double> single(task, {}, 0, bi_lstm(5), options(1), pool);
  for (auto* stepper : {&whole, &summed, &single}) stepper->reserve(needs);
  const StepResult mean = whole.gradient(0, needs), total = summed.gradient(0, needs);
  double nats = 0, steps = 0;
  for (int b = 0; b < B; ++b) {
    const double loss = single.gradient(b, needs).loss;
    const int length = single.view(b).length[0];
    CHECK(whole.view(0).length[size(1, b)] == length);
    nats += loss * length;
    steps += length;
    for (std::size_t l = 0; l < 2; ++l) {
      for (int t = 0; t < length; ++t)
        CHECK(whole.view(0).layers[l].hidden[t * B + b] ==
              Approx(single.view(b).layers[l].hidden[t]).epsilon(1e-9));
    }
  }
  CHECK(mean.loss == Approx(nats / steps).epsilon(1e-12));
  CHECK(total.loss == Approx(nats / B).epsilon(1e-12));
  CHECK(total.grad_norm == Approx(mean.grad_norm * steps / B).epsilon(1e-9));
  CHECK(total.metric == mean.metric);
}

TEST_CASE("ctc: steps that no example has change no bit", "[train][ctc]") {
  const Marks task;
  Batch batch;
  const std::vector<std::uint64_t> ids{3, 1, 4, 15};
  task.draw({2, Stream::train}, ids, batch);
  for (std::size_t b = 0; b < ids.size(); ++b) REQUIRE(batch.length[b] < Marks::longest);
  ModelRun<float> loose(bi_lstm(9), task.facts(), 4), tight(bi_lstm(9), task.facts(), 4);
  const auto theta = random_parameters(bi_lstm(9), task.facts());
  loose.set(theta);
  tight.set(theta);
  const LossSums one = loose.train(batch);
  batch.trim(Readout::every);
  REQUIRE(batch.T < Marks::longest);
  const LossSums two = tight.train(batch);
  CHECK(one.loss == two.loss);
  CHECK(one.weight == two.weight);
  CHECK(one.metric == two.metric);
  CHECK(loose.gradient() == tight.gradient());
}

TEST_CASE("ctc: a transformer sees the whole sequence at every step", "[train][ctc]") {
  ModelOptions o;
  o.architecture = "transformer";
  o.hidden = 8;
  const auto looks_ahead = [&](const ModelOptions& options, LossKind loss) {
    const Facts facts{.inputs = 3,
                      .outputs = 4,
                      .length = 6,
                      .target_length = 2,
                      .loss = loss,
                      .readout = Readout::every};
    ModelRun<double> run(options, facts, 1);
    run.set(random_parameters(options, facts));
    Batch batch;
    batch.reset(facts, 1);
    const auto first = [&] {
      return *run.model->predict(run.packed.data(), batch, run.frame.data()).p;
    };
    const double before = first();
    batch.x.back() = 1;
    return first() != before;
  };
  CHECK(looks_ahead(o, LossKind::ctc));
  CHECK_FALSE(looks_ahead(o, LossKind::cross_entropy));
  o.causal = "yes";
  CHECK_FALSE(looks_ahead(o, LossKind::ctc));
}

TEST_CASE("ctc: a bidirectional LSTM learns labels whose places nobody gives", "[trainer][ctc]") {
  Setup s;
  s.train.steps = 400;
  s.train.eval_every = 200;
  s.train.select = "best";
  s.record.every = 200;
  const Outcome outcome = train(s.run());
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_metric < 0.05);
  for (const char* group : {"metrics/train", "metrics/valid", "metrics/test"}) {
    const auto& table = s.sink.tables.at(group);
    const auto errors = table.column("label_error_rate"), right = table.column("sequence_accuracy");
    CAPTURE(group);
    CHECK(errors.back() < 0.05);
    CHECK(right.back() > 0.9);
    if (errors.size() == 1) continue;
    CHECK(errors.front() > 0.5);
    CHECK(right.front() < 0.5);
  }
}

TEST_CASE("ctc: what does not go with it is refused", "[trainer][ctc]") {
  SECTION("windows") {
    Setup s;
    s.train.truncate = 5;
    s.refuses("train.truncate");
  }
  SECTION("a stride without windows") {
    Setup s;
    s.train.stride = 5;
    s.refuses("train.stride");
  }
  SECTION("the loss of a last step") {
    Setup s;
    s.record.instruments = "gradient-flow gradient-flow-last";
    s.refuses("record.instruments");
  }
  SECTION("scheduled sampling") {
    Setup s;
    s.train.scheduled_sampling = 0.5;
    s.refuses("train.scheduled_sampling");
  }
  SECTION("decoders") {
    for (const Member& member : decoder_presets()) {
      Setup s;
      s.model = member.options;
      s.refuses(member.options.bridge != "none" ? "model.bridge" : "model.attention");
    }
  }
}

TEST_CASE("ctc: a target too long for its sequence ends the run, and is named", "[trainer][ctc]") {
  const TooLong task;
  for (const int threads : {1, 3}) {
    Setup s;
    Divergence kept;
    TrainingRun run{.task = task,
                    .data = {.valid_examples = 3, .test_examples = 3},
                    .model = s.model,
                    .train = s.train,
                    .record = {},
                    .threads = threads,
                    .sink = s.sink};
    run.diverged = [&](const Divergence& divergence) { kept = divergence; };
    const Outcome outcome = train(run);
    CHECK(outcome.ended == Ended::diverged);
    CHECK(outcome.message ==
          "the loss is not finite at step 0: first, -ln p of a target too long for its sequence is "
          "inf of example 2");
    const Retaken again = retake_step(task, {}, 0, s.model, s.train, kept.step, kept.state);
    CHECK(again.loss == HUGE_VAL);
    REQUIRE(again.first);
    CHECK(again.first->example == 2);
  }
}
