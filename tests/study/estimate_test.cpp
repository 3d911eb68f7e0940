#include "study/estimate.hpp"

#include <catch2/catch.hpp>

#include "tasks.hpp"
#include "toy.hpp"

using namespace rnnlab;

namespace {

std::vector<GridPoint> grid(const std::vector<Setting>& settings) {
  std::vector<Setting> all{{"task.length", "8", ""},
                           {"task.valid_examples", "8", ""},
                           {"task.test_examples", "8", ""},
                           {"train.batch", "4", ""},
                           {"model.hidden", "4", ""}};
  all.insert(all.end(), settings.begin(), settings.end());
  return expand(make_registry(task_list()), all);
}

const std::atomic<bool> go_on{false};

}  // namespace

TEST_CASE("an estimate is made of training steps, and grows with what there is to do") {
  const SweepEstimate one = estimate(grid({{"train.steps", "1000", ""}}), 0.02, go_on);
  CHECK(one.settings == 1);
  CHECK(one.timed == 1);
  CHECK(one.run_seconds > 0);
  CHECK(one.run_seconds == one.longest_seconds);

  const SweepEstimate ten =
      estimate(grid({{"train.steps", "1000000", ""}, {"train.seed", "0..9", ""}}), 0.02, go_on);
  CHECK(ten.settings == 1);
  CHECK(ten.run_seconds == Approx(10 * ten.longest_seconds));
  CHECK(ten.longest_seconds > 10 * one.longest_seconds);  // a thousand times the steps
}

TEST_CASE("no more than the budget is spent on a grid of many settings") {
  const SweepEstimate many = estimate(
      grid({{"model.name", "lstm, gru", ""}, {"train.lr", "lin(0.1, 0.2, 50)", ""}}), 0.05, go_on);
  CHECK(many.settings == 100);
  CHECK(many.timed >= 1);
  CHECK(many.timed <= 6);
  CHECK(many.run_seconds == Approx(100 * many.longest_seconds).epsilon(0.99));
}

TEST_CASE("what cannot be trained is named, and a limit in seconds counts") {
  const SweepEstimate mixed = estimate(
      grid({{"model.name", "gru", ""}, {"model.activation", "tanh, relu", ""}}), 0.02, go_on);
  REQUIRE(mixed.refused.size() == 1);
  CHECK_THAT(mixed.refused.front(), Catch::Contains("relu"));
  CHECK(mixed.timed == 1);
  const SweepEstimate limited = estimate(
      grid({{"train.max_seconds", "3", ""}, {"train.steps", "1000000000", ""}}), 0.02, go_on);
  CHECK(limited.run_seconds == 3);
}

TEST_CASE("runs side by side share the cores") {
  SweepEstimate known;
  known.run_seconds = 100;
  known.longest_seconds = 30;
  CHECK(known.seconds(1, 1, 8) == 100);
  CHECK(known.seconds(2, 1, 8) == 50);
  CHECK(known.seconds(8, 1, 8) == 30);
  CHECK(known.seconds(8, 1, 2) == 50);
  CHECK(known.seconds(8, 4, 8) == 50);
  CHECK(known.seconds(8, 16, 2) == 100);
}
