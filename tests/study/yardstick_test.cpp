#include "study/yardstick.hpp"

#include <catch2/catch.hpp>

#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

TEST_CASE("a yardstick is its text") {
  const Config config = toy_config({{"task.test_examples", "22500", ""}});
  const Yardstick ours = yardstick_of(config, *config.make_task());
  CHECK(ours.metric == "mse");
  CHECK(ours.plateaus.size() == 2);
  CHECK(ours.test_share == 0.02);
  CHECK_THAT(ours.reference, Contains("nothing"));
  const Yardstick read = parse_yardstick(ours.text(), "run.h5");
  CHECK(read.text() == ours.text());
  CHECK(read.valid_share == ours.valid_share);
  CHECK(read.plateaus.at(1).loss == 0.25);
  for (const char* damaged : {"", "{}", "[1]", "{\"metric\": 1}"})
    CHECK_THAT(error_of([&] { parse_yardstick(damaged, "run.h5"); }),
               Contains("4: ") && Contains("(run.h5)"));
}

TEST_CASE("no plateau is one of losses that are sums over steps") {
  const Config config = toy_config({{"train.reduction", "sum", ""}});
  const auto task = config.make_task();
  CHECK(yardstick_of(config, *task).plateaus.size() ==
        (task->facts().readout == Readout::last ? 2 : 0));
}
