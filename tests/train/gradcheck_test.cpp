#include "train/gradcheck.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "nn/cells/cells.hpp"
#include "nn/model.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;

namespace {

const std::set<std::string> smooth{"tanh", "sigmoid", "identity"};

}  // namespace

TEST_CASE("gradcheck: every cell, depth and readout is within 1e-6", "[train][gradcheck]") {
  for_each_cell([]<class Cell>(Cell) {
    for (const char* name : {"adding", "noise"}) {
      for (const int layers : {1, 2}) {
        CAPTURE(Cell::name, Cell::activation, name, layers);
        const auto problem = task(name, {{"length", 17}, {"inputs", 3}, {"classes", 5}});
        ModelOptions options;
        options.cell = Cell::name;
        options.activation = Cell::activation;
        options.hidden = 9;
        options.layers = layers;
        options.bias = layers == 1;
        options.forget_bias = 1;
        const auto errors = gradcheck(*problem, options, 2, 3);
        const auto model = make_model<double>(options, problem->facts());
        REQUIRE(errors.size() == model->parameters().count());
        for (std::size_t i = 0; i < errors.size(); ++i) {
          const GradientError& e = errors[i];
          const Parameter& p = model->parameters()[i];
          CAPTURE(e.parameter, e.entries, e.kinks);
          CHECK(e.parameter == p.name);
          CHECK(e.error <= 1e-6);
          const auto compared = std::min<std::int64_t>(200, static_cast<std::int64_t>(p.size()));
          CHECK(e.entries + e.kinks == (p.trained ? compared : 0));
          CHECK(e.kinks <= e.entries);
          if (smooth.count(Cell::activation)) CHECK(e.kinks == 0);
        }
      }
    }
  });
}

TEST_CASE("gradcheck: a corner in the parameters themselves is left out, tiny gradients are not",
          "[train][gradcheck]") {
  // Zero biases and the zeros before a sequence put rectifiers right on their corner.
  const auto problem = task("noise", {{"length", 5}, {"inputs", 3}, {"classes", 5}});
  ModelOptions tcn{.architecture = "tcn", .activation = "relu", .hidden = 1, .kernel = 3};
  std::int64_t kinks = 0;
  for (const GradientError& e : gradcheck(*problem, tcn, 1, 3)) {
    CAPTURE(e.parameter, e.entries, e.kinks);
    CHECK(e.error <= 1e-6);
    kinks += e.kinks;
  }
  CHECK(kinks > 0);

  // Behind a nearly closed path gradients are about 1e-7 of the others.
  const auto adding = task("adding", {{"length", 12}});
  ModelOptions faint{.cell = "elman",
                     .activation = "sigmoid",
                     .hidden = 6,
                     .layers = 2,
                     .init = "normal",
                     .recurrent_init = "normal",
                     .init_std = 1e-3};
  for (const GradientError& e : gradcheck(*adding, faint, 1, 3)) {
    CAPTURE(e.parameter);
    CHECK(e.error <= 1e-6);
    CHECK(e.kinks == 0);
  }
}

TEST_CASE("gradcheck: a function of its seed", "[train][gradcheck]") {
  const auto problem = task("adding", {{"length", 8}});
  ModelOptions options;
  options.hidden = 6;
  const auto errors = [&](std::uint64_t seed) {
    std::vector<double> values;
    for (const GradientError& e : gradcheck(*problem, options, seed, 2)) values.push_back(e.error);
    return values;
  };
  CHECK(errors(1) == errors(1));
  CHECK(errors(1) != errors(2));
  for (const double error : errors(1)) CHECK(error > 0);  // two computations, not one
}
