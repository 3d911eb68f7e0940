// The instruments' signals beyond the plain norms: sweeps in the log domain, BPTT's terms.
#include <catch2/catch.hpp>
#include <cmath>

#include "math/lanes.hpp"
#include "nn/cells/cells.hpp"
#include "nn/layers/recurrent.hpp"
#include "train/memory_sink.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"
#include "train/trainer.hpp"

using namespace rnnlab;

namespace {

TrainOptions batch_of(int batch) {
  TrainOptions o;
  o.batch = batch;
  return o;
}

/// A short run with these instruments, its rows ten steps apart.
void record(const Task& task, const ModelOptions& model, std::int64_t steps,
            const std::string& instruments, Sink& sink) {
  TrainOptions o = batch_of(4);
  o.steps = steps;
  o.eval_every = 0;
  RecordOptions record;
  record.every = 10;
  record.instruments = instruments;
  train({.task = task,
         .data = {.valid_examples = 4, .test_examples = 4},
         .model = model,
         .train = o,
         .record = record,
         .sink = sink});
}

}  // namespace

TEST_CASE("where one step is scored, the sweep agrees with the plain norms", "[sweep]") {
  // adding reads the last step only, with weight 1: both are the same derivative.
  const std::string cell = GENERATE("elman", "lstm", "gru", "leaky", "lstm-peephole");
  const int layers = GENERATE(1, 3);
  const auto adding = task("adding", {{"length", 37}});
  ModelOptions model;
  model.cell = cell;
  model.leak = 0.3;
  model.h0 = "learned";
  model.hidden = 21;
  model.layers = layers;
  Pool pool(2);
  Stepper<double> stepper(*adding, {}, 0, model, batch_of(20), pool);
  stepper.reserve({.states = true, .last = true});
  stepper.gradient(0, {.states = true, .last = true});
  const StepView view = stepper.view(0);
  for (int l = 0; l < layers; ++l) {
    const LayerSignals& signals = view.layers[static_cast<std::size_t>(l)];
    for (int i = 0; i < 37 * 20; ++i) {
      REQUIRE(signals.last[i] == Approx(std::log(signals.hidden[i])).margin(1e-11));
    }
  }
  for (int length : view.last_length) CHECK(length == 37);
}

TEST_CASE("the sweep sees the last step's loss alone", "[sweep]") {
  // noise scores every step. The sweep must not see the others: its norms are those of the same
  // network on the same inputs when everything but the last step weighs nothing.
  const auto noise = task("noise", {{"length", 19}, {"inputs", 3}});
  ModelOptions options;
  options.cell = "lstm";
  options.hidden = 9;
  const auto model = make_model<double>(options, noise->facts());
  const Slab<double> theta(model->parameters().size()), packed(model->packed_size());
  const Slab<double> slab(model->slab_size()), frame(model->frame_size(19, 3));
  model->initialize({1, Stream::parameters}, theta.data());
  model->pack(theta.data(), packed.data());
  Batch batch;
  const std::uint64_t ids[] = {4, 5, 6};
  noise->draw({2, Stream::train}, ids, batch);

  std::vector<double> log_hidden(19 * 3), factors(6), hidden(19 * 3), scale{1, 1, 1};
  std::vector<int> exponent(3), length(3);
  LogSweep sweep{log_hidden.data(), 3, exponent.data(), factors.data()};
  model->train(packed.data(), batch, slab.data(), frame.data(), {});
  model->sweep_last(packed.data(), batch, slab.data(), frame.data(), std::span(&sweep, 1),
                    length.data());

  std::fill(batch.weight.begin(), batch.weight.end() - 3, 0.0f);
  const StateTrace trace{.hidden = hidden.data(), .ld = 3, .scale = scale.data()};
  model->train(packed.data(), batch, slab.data(), frame.data(), std::span(&trace, 1));
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    CHECK(log_hidden[i] == Approx(std::log(hidden[i])).margin(1e-11));
  }
}

TEST_CASE("a gradient that single precision cannot hold is followed to its end", "[sweep]") {
  // The linear network with W_hh = 0.7 Q: ‖∂ℓ/∂h_t‖ falls by exactly 0.7 a step, to 0.7^400 =
  // 1e-62.
  const auto adding = task("adding", {{"length", 400}});
  ModelOptions model;
  model.cell = "elman";
  model.activation = "identity";
  model.hidden = 32;
  model.recurrent_init = "orthogonal";
  model.spectral_radius = 0.7;
  Pool pool(1);
  Stepper<float> stepper(*adding, {}, 0, model, batch_of(4), pool);
  stepper.reserve({.last = true});
  stepper.gradient(0, {.last = true});
  const double* log_norm = stepper.view(0).layers[0].last;
  for (int t = 0; t < 400; ++t) {
    const double expected = log_norm[4 * 399] + (399 - t) * std::log(0.7);
    CHECK(log_norm[4 * t] == Approx(expected).margin(1e-6 * (400 - t)));
  }
}

TEMPLATE_TEST_CASE("BPTT's terms sum to the gradient", "[terms]", Elman<Tanh>, Leaky<Tanh>, Lstm,
                   LstmPeephole, LstmCoupled, Gru) {
  using Cell = TestType;
  constexpr int H = 24, I = 5, T = 37, b = 3, G = Cell::gates;
  const auto layer = make_recurrent<double>(
      {.cell = Cell::name, .activation = Cell::activation, .inputs = I, .hidden = H});
  ParamLayout layout;
  layer->declare(layout);
  const Slab<double> theta(layout.size()), packed(layer->packed_size()), slab(layer->slab_size());
  const Slab<double> frame(layer->frame_size(T, b));
  layer->initialize({3, Stream::parameters}, theta.data());
  layer->pack(theta.data(), packed.data());
  Rng rng({4, Stream::test}, 0);
  std::vector<double> x(T * b * I);
  for (double& v : x) v = rng.normal();
  const Slab<double> dy(T * b * H);
  for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = rng.normal();

  std::vector<double> hidden(T * b), scale(b, 1.0);
  std::vector<double> da(static_cast<std::size_t>(T * b * layer->da_rows()));
  std::vector<double> h(static_cast<std::size_t>(T * b * layer->h_rows()));
  const Seq<const double> input{x.data(), T, b, I, I};
  layer->forward(packed.data(), input, frame.data());
  layer->backward(packed.data(), input, {.every = {dy.data(), T, b, H, H}}, slab.data(),
                  frame.data(),
                  {.hidden = hidden.data(),
                   .ld = b,
                   .scale = scale.data(),
                   .da = da.data(),
                   .h_before = h.data()});
  std::vector<double> gradient(layout.size());
  layer->unpack(theta.data(), slab.data(), 1.0, gradient.data());

  const Parameter& weight = layout[1];
  REQUIRE(weight.name == "weight_hh_l0");
  double difference = 0, norm = 0;
  constexpr int units = std::max(1, 4 / G) * lanes<double>;
  for (int g = 0; g < G; ++g) {
    for (int unit = 0; unit < H; ++unit) {
      // The layer's own order: blocks of units, in each [gate][unit], a narrower last one.
      const int begin = unit / units * units, width = std::min(units, layer->da_rows() / G - begin);
      const int first = *std::min_element(Cell::recurrent_slot.begin(), Cell::recurrent_slot.end());
      const int place = Cell::recurrent_slot[static_cast<std::size_t>(g)] - first;
      const int row = G * begin + place * width + unit - begin;
      for (int column = 0; column < H; ++column) {
        double sum = 0;
        for (int t = 0; t < T; ++t) {
          for (int k = 0; k < b; ++k) {
            sum += da[static_cast<std::size_t>((t * layer->da_rows() + row) * b + k)] *
                   h[static_cast<std::size_t>((t * H + column) * b + k)];
          }
        }
        const double ours =
            gradient[weight.offset + static_cast<std::size_t>((g * H + unit) * H + column)];
        difference += (sum - ours) * (sum - ours);
        norm += ours * ours;
      }
    }
  }
  CHECK(std::sqrt(difference / norm) < 1e-12);
}

TEST_CASE("the terms' norms are those of their matrices", "[terms]") {
  // One unit and one example: the matrix is a number, and the terms' norms bound the gradient's.
  const auto adding = task("adding", {{"length", 9}});
  ModelOptions model;
  model.cell = "elman";
  model.hidden = 1;
  Pool pool(1);
  Stepper<double> stepper(*adding, {}, 0, model, batch_of(1), pool);
  stepper.reserve({.terms = true});
  stepper.gradient(0, {.terms = true});
  const double* terms = stepper.view(0).layers[0].terms;
  CHECK(terms[0] == 0);  // h_{−1} = 0
  double sum = 0;
  for (int t = 1; t < 9; ++t) {
    CHECK(terms[t] > 0);
    sum += terms[t];
  }
  CHECK(stepper.view(0).parameter_norms[1] <= sum * (1 + 1e-12));
}

TEST_CASE("instruments of their own schedule write at steps 0, 1, 2, 4, 8, … and the last",
          "[sweep]") {
  const auto adding = task("adding", {{"length", 12}});
  MemorySink sink;
  record(*adding, {.hidden = 6}, 23, "gradient-flow-last weight-gradient-by-time spectral-radius",
         sink);
  const std::vector<std::int64_t> steps{0, 1, 2, 4, 8, 16, 22};
  CHECK(sink.tables.at("gradients/last/layers.0.forward").steps == steps);
  CHECK(sink.tables.at("spectrum/layers.0.forward").steps == steps);
  CHECK(sink.tables.at("spectrum/layers.0.forward").rows[0].size() == 4);
  CHECK(sink.tables.at("gradients/weight_by_time/layers.0.forward").steps ==
        std::vector<std::int64_t>{0, 10, 20, 22});
}

TEST_CASE("the spectral radius is that of encoders' and decoders' matrices too", "[sweep]") {
  const auto reverse = task("reverse", {{"length", 4}});
  MemorySink sink;
  record(*reverse,
         {.cell = "gru",
          .hidden = 6,
          .direction = "bidirectional",
          .bridge = "transform",
          .recurrent_init = "scaled",
          .spectral_radius = 0.7},
         1, "spectral-radius", sink);
  int tables = 0;
  for (const auto& [group, table] : sink.tables) {
    if (group.rfind("spectrum/", 0) != 0) continue;
    CAPTURE(group);
    ++tables;
    REQUIRE(table.rows.at(0).size() == 3);
    for (const double radius : table.rows[0]) CHECK(radius == Approx(0.7).epsilon(1e-6));
  }
  CHECK(tables == 3);  // the encoder's both directions, the decoder
}
