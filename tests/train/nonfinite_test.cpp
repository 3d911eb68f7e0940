#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "faults/tally.hpp"
#include "train/memory_sink.hpp"
#include "train/named_task.hpp"
#include "train/retake.hpp"
#include "train/sampler.hpp"
#include "train/stepper.hpp"
#include "train/trainer.hpp"

using namespace rnnlab;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr int T = 9, B = 20, I = 2;

/// A smooth little regression, into one example of which something is planted.
class Planted final : public Task {
 public:
  using Plant = std::function<void(Batch&, int column)>;

  Planted(Readout readout, std::uint64_t example, Plant plant, int length = T)
      : readout_(readout), example_(example), plant_(std::move(plant)), length_(length) {}

  Facts facts() const override {
    return {.inputs = I, .outputs = 1, .length = length_, .readout = readout_};
  }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(), static_cast<int>(examples.size()));
    const auto fill = [&](std::vector<float>& values, std::size_t width) {
      for (std::size_t k = 0; k < values.size(); ++k) {
        const std::size_t t = k / width / examples.size(), b = k / width % examples.size();
        values[k] = std::sin(static_cast<float>(examples[b] % 97 + 3 * t + k % width));
      }
    };
    fill(out.x, I);
    fill(out.y, 1);
    for (std::size_t b = 0; b < examples.size(); ++b)
      if (key.stream == Stream::train && examples[b] == example_) plant_(out, static_cast<int>(b));
  }

 private:
  Readout readout_;
  std::uint64_t example_;
  Plant plant_;
  int length_;
};

/// The example at a place in the order of training.
std::uint64_t drawn(std::int64_t place) {
  std::array<std::uint64_t, 1> id;
  Sampler(static_cast<std::uint64_t>(TrainOptions().seed), 0, B)
      .examples(0, static_cast<int>(place), id);
  return id[0];
}

std::size_t at(const Batch& batch, int t, int column, int width) {
  return static_cast<std::size_t>((t * batch.B + column) * width);
}

struct Found {
  Outcome outcome;
  Divergence divergence;
  int calls = 0;
};

struct Setup {
  ModelOptions model{.cell = "elman", .hidden = 8};
  TrainOptions train{.steps = 12, .batch = B};
  mutable test::Tally tally;

  explicit Setup(const char* where) : tally("NaN or Inf planted, or made to arise", where) {
    train.eval_every = 3;
    train.optimizer = "sgd";
    train.lr = 0.01;
  }

  /// The same place for any number of threads, and when the kept step is taken again.
  Found find(const Task& task) const {
    Found found;
    for (const int threads : {3, 1}) {
      const std::string before = found.outcome.message;
      MemorySink sink;
      TrainingRun run{.task = task,
                      .data = {.valid_examples = 20, .test_examples = 20},
                      .model = model,
                      .train = train,
                      .record = {},
                      .threads = threads,
                      .sink = sink};
      run.diverged = [&](const Divergence& divergence) {
        found.divergence = divergence;
        ++found.calls;
      };
      found.outcome = rnnlab::train(run);
      ++tally.injected;
      tally.wrong_answers += found.outcome.ended != Ended::diverged;
      if (threads == 1) CHECK(found.outcome.message == before);
    }
    tally.check();
    if (found.calls == 0) return found;
    REQUIRE(found.divergence.first);
    const Divergence& kept = found.divergence;
    const Retaken again = retake_step(task, {}, 0, model, train, kept.step, kept.state);
    CHECK_FALSE((std::isfinite(again.loss) && std::isfinite(again.grad_norm)));
    REQUIRE(again.first);
    tally.wrong_answers += described(*again.first) != described(*kept.first);
    tally.check();
    return found;
  }
};

void check_place(const Found& found, std::int64_t step, const NonFinite& place) {
  INFO(found.outcome.message);
  CHECK(found.calls == 2);
  CHECK(found.divergence.step == step);
  CHECK(found.outcome.steps == step);
  const NonFinite& first = found.divergence.first.value();
  CHECK(first.tensor == place.tensor);
  CHECK(first.of == place.of);
  CHECK(first.time == place.time);
  CHECK(first.example == place.example);
  CHECK(std::isnan(first.value) == std::isnan(place.value));
  CHECK(found.outcome.message.find(described(place)) != std::string::npos);
}

constexpr std::int64_t step = 7;
constexpr int column = 17;  // of the second shard
const std::uint64_t example = drawn(step * B + column);

}  // namespace

TEST_CASE("a value planted in the data is found where it was planted", "[nonfinite]") {
  for (const char* precision : {"float32", "float64"}) {
    for (const float bad : {not_a_number, infinite, -infinite}) {
      CAPTURE(precision, bad);
      Setup s("data");
      s.train.precision = precision;
      const double value = bad;
      const Planted input(Readout::every, example,
                          [&](Batch& batch, int b) { batch.x[at(batch, 4, b, I) + 1] = bad; });
      const Found found = s.find(input);
      check_place(found, step, {"input", "", 4, column, value});
      const Batch& batch = found.divergence.batch;
      REQUIRE(batch.B == B);
      CHECK_FALSE(std::isfinite(batch.x[at(batch, 4, column, I) + 1]));
      CHECK(std::count_if(batch.x.begin(), batch.x.end(),
                          [](float x) { return !std::isfinite(x); }) == 1);

      const Planted target(Readout::every, example,
                           [&](Batch& b, int k) { b.y[at(b, 5, k, 1)] = bad; });
      check_place(s.find(target), step, {"target", "", 5, column, value});
      const Planted last(Readout::last, example,
                         [&](Batch& b, int k) { b.y[static_cast<std::size_t>(k)] = bad; });
      check_place(s.find(last), step, {"target", "", T - 1, column, value});
      const Planted weight(Readout::every, example,
                           [&](Batch& b, int k) { b.weight[at(b, 6, k, 1)] = bad; });
      check_place(s.find(weight), step, {"weight", "", 6, column, value});
    }
  }
}

TEST_CASE("a state that overflows is found in its layer, time step and example", "[nonfinite]") {
  Setup s("state");
  s.model.activation = "relu";
  s.model.layers = 2;
  // Only from the planted step on do inputs of 1e37 pile up through a recurrence that multiplies.
  s.model.recurrent_init = "identity";
  s.model.spectral_radius = 100;
  s.train.lr = 0;
  s.train.eval_every = 0;
  const Planted task(Readout::last, example, [](Batch& batch, int b) {
    for (int i = 0; i < I; ++i) batch.x[at(batch, 3, b, I) + static_cast<std::size_t>(i)] = 1e37f;
  });
  const Found found = s.find(task);
  REQUIRE(found.calls == 2);
  CHECK(found.divergence.step == step);
  const NonFinite& place = *found.divergence.first;
  CHECK(place.tensor == "h");
  CHECK(place.of == "layers.0.forward");
  CHECK(place.example == column);
  CHECK(place.time > 3);
  REQUIRE(place.before.size() > 0);
  CHECK(place.before.back() > 1e34);
  CHECK(std::isfinite(place.before.back()));
}

TEST_CASE("a gradient that overflows while the loss does not is found on its way back",
          "[nonfinite]") {
  constexpr int length = 200;
  Setup s("adjoint");
  s.model.recurrent_init = "scaled";
  s.model.spectral_radius = 5;
  s.model.bias = false;
  s.train.lr = 0;
  s.train.eval_every = 0;
  s.train.batch = 1;
  // Without inputs and biases the state stays exactly zero, where tanh has slope 1: forwards
  // nothing happens, backwards the adjoint grows by about 5 a step.
  const Planted task(
      Readout::last, drawn(2),
      [](Batch& batch, int) {
        std::fill(batch.x.begin(), batch.x.end(), 0.0f);
        batch.y[0] = 1;
      },
      length);
  const Found found = s.find(task);
  REQUIRE(found.calls == 2);
  CHECK(found.outcome.message.find("the gradient is not finite") != std::string::npos);
  const NonFinite& place = *found.divergence.first;
  CHECK(place.tensor == "dL/dh");
  CHECK(place.of == "layers.0.forward");
  CHECK(place.example == 0);
  // ln(3.4e38) / ln 5 = 55 steps before the end, give or take the first few steps' constants.
  CHECK(place.time == Approx(length - 1 - 55).margin(8));
  REQUIRE(place.before.size() == 5);
  for (std::size_t i = 1; i < place.before.size(); ++i)
    CHECK(place.before[i] > 2 * place.before[i - 1]);
}

TEST_CASE("a gradient that overflows in a decoder is found there, in its own time", "[nonfinite]") {
  // Every state is zero, so every class is as likely; the output's matrix is near the largest
  // float. Back from a class of the smaller sign the sum does not fit.
  const auto summaries = task("summarise", {});
  const Facts facts = summaries->facts();
  REQUIRE(facts.target_length < facts.length / 2);
  ModelOptions model{.cell = "gru", .hidden = 8, .bridge = "last"};
  TrainOptions train;
  train.batch = B;
  Pool pool(2);
  Stepper<float> stepper(*summaries, {}, 0, model, train, pool);
  std::vector<double> theta(stepper.parameters().size(), 0.0);
  for (const Parameter& p : stepper.model().parameters()) {
    if (p.name.find("output.weight") == std::string::npos) continue;
    for (std::size_t i = 0; i < p.size(); ++i)
      theta[p.offset + i] = i / static_cast<std::size_t>(p.columns) % 3 == 0 ? -3.3e38 : 3.3e38;
  }
  stepper.set_parameters(theta);
  CHECK(std::isfinite(stepper.gradient(0, {}).loss));
  const auto place = stepper.first_nonfinite(0);
  REQUIRE(place);
  CHECK(place->tensor == "dL/dh");
  CHECK(place->of.find("decoder") == 0);
  CHECK(place->time < facts.target_length);

  stepper.set_parameters(std::vector<double>(theta.size(), 0.0));
  stepper.gradient(0, {});
  CHECK_FALSE(stepper.first_nonfinite(0));
}

TEST_CASE("a loss whose gradient does not fit is found at the predictions", "[nonfinite]") {
  Setup s("loss");
  const Planted task(Readout::every, example, [](Batch& b, int k) { b.y[at(b, 2, k, 1)] = 3e38f; });
  const Found found = s.find(task);
  REQUIRE(found.calls == 2);
  const NonFinite& place = *found.divergence.first;
  CHECK((place.tensor == "loss" || place.tensor == "dL/dy"));
  CHECK(found.divergence.step == step);
}

TEST_CASE("parameters that an update has made infinite are named by the step after it",
          "[nonfinite]") {
  Setup s("update");
  s.train.lr = 1e38;
  s.train.eval_every = 0;
  const auto enlarge = [](Batch& batch, int) {
    for (float& y : batch.y) y = 1e10f;
  };
  SECTION("in the middle of a run") {
    s.train.steps = 3;
    const Planted at_once(Readout::every, drawn(0), enlarge);
    const Found found = s.find(at_once);
    REQUIRE(found.calls == 2);
    CHECK(found.divergence.step == 1);
    CHECK(found.divergence.first->tensor == "value");
    CHECK(found.divergence.first->of == "weight_ih_l0");
  }
  SECTION("at its end") {
    s.train.steps = 1;
    const Planted at_once(Readout::every, drawn(0), enlarge);
    const Found found = s.find(at_once);
    CHECK(found.calls == 0);
    CHECK(found.outcome.message.find("an update is not finite at step 0: value of weight_ih_l0") !=
          std::string::npos);
  }
}

TEST_CASE("under truncation the kept state is the one that the step began with", "[nonfinite]") {
  Setup s("data under truncation");
  s.model.cell = "lstm";
  s.train.truncate = 4;
  // Three cuts make an example: step 7 is the second cut of the third batch, time steps 4 … 7.
  const Planted task(Readout::every, drawn(2 * B + column),
                     [](Batch& batch, int b) { batch.x[at(batch, 6, b, I)] = not_a_number; });
  const Found found = s.find(task);
  check_place(found, 7, {"input", "", 2, column, not_a_number});
  CHECK(found.divergence.state.has("carried"));
}
