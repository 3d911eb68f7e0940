#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "cli/command.hpp"
#include "python.hpp"
#include "record/run_reader.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Matchers::Contains;

TEST_CASE("the log of a killed run can be repaired, once, and not while it is written") {
  const Workplace here;
  const std::string long_run =
      "run --quiet --run.dir a --model.hidden 8 --task.length 20 --train.steps 10000000 "
      "--train.eval_every 0 --record.every 1 --run.checkpoint_every 100";
  {
    auto started = here.start(long_run);
    while (!here.has("a/checkpoint.previous.h5"))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const Ended busy = here.call("repair a/run.h5");
    CHECK(busy.code == 2);
    CHECK(busy.one_line_error());
    started.signal(SIGKILL);
    started.wait();
  }
  const RunReader before(here.path("a/run.h5").string());
  const auto loss = before.column("metrics/train/loss");
  REQUIRE(loss.size() > 100);
  CHECK_THAT(here.call("repair a/run.h5").out, Contains("repaired"));
  const RunReader after(here.path("a/run.h5").string());
  CHECK(after.outcome() == "interrupted");
  CHECK(after.column("metrics/train/loss") == loss);
  CHECK(after.values("gradients/hidden/layers.0.forward/norm").shape[0] ==
        static_cast<std::int64_t>(after.column("gradients/hidden/layers.0.forward/step").size()));
  CHECK_THAT(here.call("repair a/run.h5").out, Contains("nothing to repair"));
  const Python result = python("cli/read_repaired.py", here.path("a/run.h5").string());
  INFO(result.output);
  if (result.code == 77) {
    WARN("skipped: " << result.output);
  } else {
    CHECK(result.code == 0);
  }
}

TEST_CASE("what is no run file is refused") {
  const Workplace here;
  CHECK(here.call("repair nowhere.h5").code == 2);
  CHECK(here.call("repair").code == 2);
}
