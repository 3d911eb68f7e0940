#include <catch2/catch.hpp>
#include <cmath>

#include "nn/cores.hpp"
#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

const std::vector<int> lengths{40, 3, 23, 31, 24};  // in the first window, at its end, beyond it
constexpr int cut = 23;

Facts facts() {
  return {.inputs = 3,
          .outputs = 4,
          .length = 40,
          .loss = LossKind::cross_entropy,
          .readout = Readout::every};
}

ModelOptions two_layers(const Core& core) {
  ModelOptions options;
  options.hidden = 19;
  core.set(options);
  options.layers = 2;
  return options;
}

std::pair<Batch, Batch> halves(const Batch& whole) {
  Batch first = whole, second = whole;
  first.keep_steps(0, cut);
  second.keep_steps(cut, 40 - cut);
  return {first, second};
}

struct Carrying : ModelRun<double> {
  explicit Carrying(const ModelOptions& options)
      : ModelRun(options, facts(), 5), state(static_cast<std::size_t>(5 * model->state_size())) {
    set(random_parameters(options, facts()));
  }
  CarriedState<double> carried() const { return {state.data(), model->state_size()}; }
  LossSums evaluate_on(const Batch& batch) const {
    return model->evaluate(packed.data(), batch, frame.data(), carried());
  }

  Slab<double> state;
};

}  // namespace

TEST_CASE("two windows with the state carried on are one sequence", "[nn][models]") {
  for (const Core& core : all_cores()) {
    Carrying run(two_layers(core));
    const Batch whole = ragged_batch(facts(), lengths);
    const auto [first, second] = halves(whole);
    const LossSums right = run.evaluate(whole);
    LossSums sums = run.evaluate_on(first);
    CHECK(sums.loss < right.loss);
    sums += run.evaluate_on(second);
    CAPTURE(core.name());
    CHECK(sums.loss == Approx(right.loss).epsilon(1e-13));
    CHECK(sums.weight == right.weight);
    CHECK(sums.metric == right.metric);
  }
}

TEST_CASE("a column that has ended keeps its state", "[nn][models]") {
  ModelOptions window = two_layers({"lstm", "tanh"});
  window.cell = "none";
  window.window = 4;
  Carrying run(GENERATE_COPY(two_layers({"lstm", "tanh"}), window));
  const auto [first, second] = halves(ragged_batch(facts(), lengths));
  run.evaluate_on(first);
  const int entries = run.model->state_size();
  const auto state_of = [&](int column) {
    return std::vector<double>(run.state.data() + column * entries,
                               run.state.data() + (column + 1) * entries);
  };
  const auto ended = state_of(1), going_on = state_of(0);
  CHECK(std::any_of(ended.begin(), ended.end(), [](double s) { return s != 0; }));
  run.evaluate_on(second);
  CHECK(state_of(1) == ended);
  CHECK(state_of(0) != going_on);
}

// Central differences of the second window's loss, the state before it held fixed.
TEST_CASE("a window's gradient takes the state before it as given", "[nn][models]") {
  const Core core = GENERATE(from_range(all_cores()));
  if (core.truncated_gradient) return;  // it is no derivative
  CAPTURE(core.name());
  Carrying run(two_layers(core));
  const auto [first, second] = halves(ragged_batch(facts(), lengths));
  run.evaluate_on(first);
  std::vector<double> before(run.state.data(), run.state.data() + run.state.size());
  const auto back = [&] { std::copy(before.begin(), before.end(), run.state.data()); };
  run.model->train(run.packed.data(), second, run.slab.data(), run.frame.data(), {}, run.carried());
  const std::vector<double> gradient = run.gradient();

  std::vector<double> theta = random_parameters(two_layers(core), facts());
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < theta.size(); i += 41) {
    const double at = theta[i], h = 1e-5;
    const auto loss_at = [&](double value) {
      theta[i] = value;
      run.set(theta);
      back();
      return run.evaluate_on(second).loss;
    };
    const double numeric = (loss_at(at + h) - loss_at(at - h)) / (2 * h);
    theta[i] = at;
    difference += std::pow(gradient[i] - numeric, 2);
    norm += numeric * numeric;
  }
  CHECK(std::sqrt(difference / norm) < 1e-7);
}
