#include <catch2/catch.hpp>

#include "nn/cores.hpp"
#include "nn/models/model_run.hpp"
#include "reference/sequence.hpp"
#include "reference/tape.hpp"
#include "train/shards.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using reference::Named;
using reference::Tape;
using reference::Var;

namespace {

/// Norms [layer][t][b] of ∂ℓ_b/∂h_{b,t} and ∂ℓ_b/∂c_{b,t}; zero past an example's end.
struct Norms {
  std::vector<std::vector<std::vector<double>>> hidden, cell;
};

double norm(const reference::Vector<Var>& x) {
  double sum = 0;
  for (const Var& v : x) sum += v.adjoint() * v.adjoint();
  return std::sqrt(sum);
}

/// By the tape: the adjoint of a state's entry is the whole derivative, whatever the path.
Norms exact(const ModelOptions& options, const Facts& facts, const Batch& batch,
            const std::vector<double>& theta) {
  const auto layers = static_cast<std::size_t>(options.layers);
  const auto T = static_cast<std::size_t>(facts.length), B = static_cast<std::size_t>(batch.B);
  Norms norms;
  norms.hidden.assign(layers, {T, std::vector<double>(B)});
  norms.cell = norms.hidden;
  const auto model = make_model<double>(options, facts);
  for (std::size_t b = 0; b < B; ++b) {
    Tape tape;
    reference::Vector<Var> parameters;
    for (const double v : theta) parameters.emplace_back(tape, v);
    const auto example = reference::sequence(Named<Var>(model->parameters(), parameters), options,
                                             facts, batch, static_cast<int>(b));
    example.loss.seed(1 / example.weight);
    tape.sweep();
    for (std::size_t l = 0; l < layers; ++l) {
      const auto& states = example.layers[l];
      for (std::size_t t = 0; t < states.h.size(); ++t) norms.hidden[l][t][b] = norm(states.h[t]);
      for (std::size_t t = 0; t < states.c.size(); ++t) norms.cell[l][t][b] = norm(states.c[t]);
    }
  }
  return norms;
}

}  // namespace

TEST_CASE("trace: the states' gradients are the textbook's, every step of every layer",
          "[nn][models][trace]") {
  const Readout readout = GENERATE(Readout::last, Readout::every);
  const std::vector<int> lengths{18, 1, 16, 17, 7};
  const int B = static_cast<int>(lengths.size()), first = 2, ld = B + 3;
  constexpr double untouched = -1;
  for (const Core& core : all_cores()) {
    CAPTURE(core.name(), static_cast<int>(readout));
    const Facts facts{.inputs = 3,
                      .outputs = 4,
                      .length = 18,
                      .loss = LossKind::cross_entropy,
                      .readout = readout};
    ModelOptions options;
    options.layers = 2;
    options.hidden = 19;
    core.set(options);
    const Batch batch = ragged_batch(facts, lengths);
    const auto theta = random_parameters(options, facts);
    const Norms right = exact(options, facts, batch, theta);

    ModelRun<double> ours(options, facts, B);
    ours.set(theta);
    std::vector<double> scale(lengths.size());
    example_weights(batch, scale.data());
    for (double& s : scale) s = 1 / s;
    const auto traced = ours.model->traced();
    REQUIRE(traced.size() == 2);
    std::vector<std::vector<double>> hidden(2), cell(2);
    std::vector<StateTrace> traces;
    for (std::size_t l = 0; l < 2; ++l) {
      CHECK(traced[l].name == "layers." + std::to_string(l) + ".forward");
      CHECK(traced[l].cell_state == has_cell_state(core.cell));
      hidden[l].assign(static_cast<std::size_t>(18 * ld), untouched);
      cell[l].assign(static_cast<std::size_t>(18 * ld), untouched);
      // This shard's examples are columns 2 … 6 of a batch.
      traces.push_back({hidden[l].data() + first,
                        traced[l].cell_state ? cell[l].data() + first : nullptr, ld, scale.data()});
    }
    ours.train(batch, traces);

    for (std::size_t l = 0; l < 2; ++l) {
      double worst = 0, largest = 0;
      std::size_t past_the_end = 0, strangers = 0;
      const auto compare = [&](const std::vector<double>& values, const auto& expected) {
        for (int t = 0; t < 18; ++t) {
          for (int column = 0; column < ld; ++column) {
            const double value = values[static_cast<std::size_t>(t * ld + column)];
            const int b = column - first;
            if (b < 0 || b >= B) {
              strangers += value != untouched;
              continue;
            }
            const auto example = static_cast<std::size_t>(b);
            const double target = expected[static_cast<std::size_t>(t)][example];
            past_the_end += t >= lengths[example] && value != 0;
            worst = std::max(worst, std::isnan(value) ? HUGE_VAL : std::abs(value - target));
            largest = std::max(largest, target);
          }
        }
      };
      compare(hidden[l], right.hidden[l]);
      if (traced[l].cell_state) compare(cell[l], right.cell[l]);
      CHECK(worst <= 1e-12 * largest);
      CHECK(largest > 0.01);
      CHECK(past_the_end == 0);
      CHECK(strangers == 0);
    }

    // Looking changes nothing.
    const auto with = ours.gradient();
    ModelRun<double> blind(options, facts, B);
    blind.set(theta);
    blind.train(batch);
    CHECK(blind.gradient() == with);
  }
}
