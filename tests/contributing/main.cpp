#define CATCH_CONFIG_MAIN
#include <algorithm>
#include <catch2/catch.hpp>

#include "nn/cells/cell_check.hpp"
#include "nn/cells/cells.hpp"
#include "train/gradcheck.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;

TEST_CASE("the cell of CONTRIBUTING.md is listed, differentiated and trained") {
  const auto& list = cell_list();
  CHECK(std::count_if(list.begin(), list.end(),
                      [](const Listing& cell) { return cell.name == "ugrnn"; }) == 1);
  CHECK(test::backward_error<Ugrnn>(100) < 1e-12);

  ModelOptions model;
  model.cell = "ugrnn";
  model.hidden = 16;
  model.direction = "bidirectional";
  model.layers = 2;
  const auto data = task("adding", {{"length", 6}});
  for (const GradientError& entry : gradcheck(*data, model, 1, 3)) CHECK(entry.error < 1e-6);

  Pool pool(1);
  TrainOptions options;
  options.lr = 1e-2;
  Stepper<float> stepper(*data, {}, 1, model, options, pool);
  for (int k = 0; k < 300; ++k) {
    stepper.gradient(k, {});
    stepper.update(k);
  }
  const LossSums sums = stepper.evaluate(Stream::test, 500);
  CHECK(sums.loss / sums.weight < data->facts().chance_loss / 2);
}
