// What holds for a training step holds for every variant of nn/steps, generated from their list.
#include <catch2/catch.hpp>
#include <cmath>

#include "nn/cores.hpp"
#include "nn/layers/recurrent_problem.hpp"
#include "train/gradcheck.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

TrainOptions batch_of(int batch) {
  TrainOptions o;
  o.batch = batch;
  return o;
}

ModelOptions model_of(const Core& core, int hidden, int layers) {
  ModelOptions o;
  o.hidden = hidden;
  o.layers = layers;
  core.set(o);
  return o;
}

template <class F>
void for_each_variant(F&& f) {
  for (const Core& core : variant_cores()) {
    if (core.cell == "jordan") continue;  // its output is the model's
    CAPTURE(core.name());
    f(core);
  }
}

}  // namespace

TEST_CASE("variants: where one step is scored, the sweep agrees with the plain norms",
          "[variants][sweep]") {
  for_each_variant([](const Core& core) {
    const auto adding = task("adding", {{"length", 37}});
    Pool pool(2);
    Stepper<double> stepper(*adding, {}, 0, model_of(core, 21, 2), batch_of(20), pool);
    stepper.reserve({.states = true, .last = true});
    stepper.gradient(0, {.states = true, .last = true});
    const StepView view = stepper.view(0);
    int zeros = 0;
    for (std::size_t l = 0; l < 2; ++l) {
      const LayerSignals& signals = view.layers[l];
      for (int i = 0; i < 37 * 20; ++i) {
        zeros += signals.hidden[i] == 0;
        if (signals.hidden[i] == 0) {
          REQUIRE(std::isinf(signals.last[i]));
        } else {
          REQUIRE(signals.last[i] == Approx(std::log(signals.hidden[i])).margin(1e-10));
        }
      }
    }
    // Only where nothing goes back in time are there steps without a gradient.
    if (!core.truncated_gradient) CHECK(zeros == 0);
  });
}

TEST_CASE("variants: what single precision cannot hold is followed to its end",
          "[variants][sweep]") {
  for_each_variant([](const Core& core) {
    if (core.truncated_gradient) return;
    const auto adding = task("adding", {{"length", 300}});
    ModelOptions options = model_of(core, 16, 1);
    options.recurrent_init = "orthogonal";
    options.spectral_radius = 0.3;
    Pool pool(1);
    Stepper<float> single(*adding, {}, 0, options, batch_of(4), pool);
    Stepper<double> exact(*adding, {}, 0, options, batch_of(4), pool);
    single.reserve({.last = true});
    single.gradient(0, {.last = true});
    exact.reserve({.last = true});
    exact.gradient(0, {.last = true});
    const double* ours = single.view(0).layers[0].last;
    const double* right = exact.view(0).layers[0].last;
    for (int i = 0; i < 4 * 300; ++i) {
      REQUIRE(std::isfinite(ours[i]));
      // What is traced of a complex state is its real part, which passes near zero.
      const double margin = core.cell == "lru" ? 2e-2 : 2e-3;
      REQUIRE(ours[i] == Approx(right[i]).margin(margin).epsilon(1e-4));
    }
  });
}

TEST_CASE("variants: gradcheck is within 1e-6", "[variants][gradcheck]") {
  for_each_variant([](const Core& core) {
    if (core.truncated_gradient) return;
    const auto problem = task("adding", {{"length", 17}});
    for (const GradientError& e : gradcheck(*problem, model_of(core, 9, 1), 2, 3)) {
      CAPTURE(e.parameter);
      CHECK(e.error <= 1e-6);
    }
  });
}

TEST_CASE("variants: BPTT's terms sum to the gradient", "[variants][terms]") {
  for (const Core& core : variant_cores()) {
    CAPTURE(core.name());
    const Problem p({20, 3, 18, 3, From::every}, core);
    Production<double> ours(p);
    const Layer<double>& layer = *ours.run.layer;
    const int T = p.c.T, b = p.c.b, h_rows = layer.h_rows();
    std::vector<double> hidden(static_cast<std::size_t>(T * b)), scale(3, 1.0);
    std::vector<double> da(hidden.size() * static_cast<std::size_t>(layer.da_rows()));
    std::vector<double> h(hidden.size() * static_cast<std::size_t>(h_rows));
    ours.forward();
    layer.backward(ours.run.packed.data(), ours.x.view(), ours.upstream(), ours.run.slab.data(),
                   ours.run.frame.data(),
                   {.hidden = hidden.data(),
                    .ld = b,
                    .scale = scale.data(),
                    .da = da.data(),
                    .h_before = h.data()});
    const auto gradient = ours.run.gradient();
    const StepProgram program = find_variant(p.options)->program(p.options);
    int first = 0;
    double difference = 0, norm = 0;
    for (const auto& operation : program.operations) {
      const auto* sum = std::get_if<StepProgram::Sum>(&operation);
      if (!sum) continue;
      const auto& target = program.signals[static_cast<std::size_t>(sum->target)];
      const int padded = round_up(target.units, lanes<double>);
      for (const auto& product : sum->products) {
        if (!product.traced) continue;
        const auto& parameter = ours.run.layout[static_cast<std::size_t>(product.weight.parameter)];
        REQUIRE(parameter.columns == h_rows);
        for (int r = 0; r < target.slots * target.units; ++r) {
          const int slot = r / target.units, unit = r % target.units;
          const int row = first + place_in_column<double>(target.slots, padded, slot, unit);
          for (int column = 0; column < h_rows; ++column) {
            double terms = 0;
            for (int t = 0; t < T; ++t) {
              for (int k = 0; k < b; ++k) {
                terms += da[static_cast<std::size_t>((t * layer.da_rows() + row) * b + k)] *
                         h[static_cast<std::size_t>((t * h_rows + column) * b + k)];
              }
            }
            const double exact =
                gradient[parameter.offset + static_cast<std::size_t>(
                                                (product.weight.first_row + r) * h_rows + column)];
            difference += (terms - exact) * (terms - exact);
            norm += exact * exact;
          }
        }
        first += target.slots * padded;
      }
    }
    CHECK(first == layer.da_rows());
    if (core.cell == "mingru" || core.cell == "lru") {  // without a recurrent matrix
      CHECK(first == 0);
      continue;
    }
    CHECK(norm > 0);
    CHECK(std::sqrt(difference / norm) < 1e-12);
  }
}
