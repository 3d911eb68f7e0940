#include <catch2/catch.hpp>

#include "command.hpp"
#include "record/run_reader.hpp"
#include "sweep_folder.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

const std::string longer =
    " --task.length 20 --task.valid_examples 64 --task.test_examples 64 --model.hidden 16"
    " --train.eval_every 200 --record.every 7 --run.checkpoint_every 50 --train.steps 6000";

}  // namespace

TEST_CASE("a run that is killed goes on from its checkpoint, once") {
  const Workplace here;
  REQUIRE(here.call("run --run.dir whole --train.seed 0 --quiet" + longer).code == 0);
  const SweepFolder sweep(here, "s");
  Started started = here.start("sweep --train.seed 0..1 --sweep.jobs 1 --sweep.dir s" + longer);
  REQUIRE(eventually([&] {
    return std::filesystem::exists(sweep.run(0) / "checkpoint.previous.h5") && sweep.is_training(0);
  }));
  kill(sweep.status(0)["pid"].get<pid_t>(), SIGKILL);
  const Ended ended = started.wait();
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, Contains("ended by a signal: Killed") && Contains("; trying again"));
  CHECK_THAT(text_of(sweep.run(0) / "log.txt"), Contains("going on from step"));
  CHECK(differing_datasets((sweep.run(0) / "run.h5").string(), here.path("whole/run.h5").string())
            .empty());
}

TEST_CASE("a run that is killed too often is failed, and the sweep goes on") {
  const Workplace here;
  const SweepFolder sweep(here, "s");
  Started started = here.start(
      "sweep --train.max_seconds 1.5 --train.seed 0..1 --sweep.jobs 1 --sweep.retries 0"
      " --sweep.dir s" +
      endless);
  REQUIRE(eventually([&] { return sweep.is_training(0); }));
  kill(sweep.status(0)["pid"].get<pid_t>(), SIGKILL);
  const Ended ended = started.wait();
  CHECK(ended.code == 70);
  CHECK(sweep.state(0) == "failed");
  CHECK_THAT(sweep.status(0)["message"].get<std::string>(), Contains("Killed"));
  CHECK_THAT(text_of(here.path("s/summary.csv")), Contains(",completed,"));
}

TEST_CASE("a sweep that is killed lets go of its folder, and resume waits for its orphans") {
  const Workplace here;
  const SweepFolder sweep(here, "s");
  Started first =
      here.start("sweep --quiet --train.seed 0..1 --sweep.jobs 2 --sweep.dir s" + longer);
  REQUIRE(eventually([&] { return sweep.is_training(0) && sweep.is_training(1); }));
  const Ended second = here.call("resume s");
  CHECK(second.code == 2);
  CHECK(second.one_line_error());
  first.signal(SIGKILL);
  CHECK(first.wait().code == -SIGKILL);
  CHECK(here.call("resume s --quiet").code == 0);
  REQUIRE(here.call("run --run.dir whole --train.seed 1 --quiet" + longer).code == 0);
  CHECK(sweep.state(0) == "completed");
  CHECK(differing_datasets((sweep.run(1) / "run.h5").string(), here.path("whole/run.h5").string())
            .empty());
}

TEST_CASE("a run that takes too long leaves a checkpoint, and resume goes on with it") {
  const Workplace here;
  const SweepFolder sweep(here, "s");
  const Ended ended =
      here.call("sweep --sweep.max_seconds 3 --sweep.dir s --train.seed 0,1" + endless);
  CHECK(ended.code == 75);
  CHECK_THAT(ended.err, Contains("longer than sweep.max_seconds = 3"));
  for (const std::size_t run : {0, 1}) {
    CHECK(sweep.state(run) == "interrupted");
    CHECK_THAT(sweep.status(run)["message"].get<std::string>(), Contains("goes on"));
    CHECK(std::filesystem::exists(sweep.run(run) / "checkpoint.h5"));
  }
  CHECK(here.call("resume s --quiet --sweep.max_seconds 3 --sweep.jobs 2").code == 75);
  CHECK_THAT(text_of(sweep.run(0) / "log.txt"), Contains("going on from step"));
}

#ifndef __SANITIZE_ADDRESS__  // whose shadow memory is larger than any limit
TEST_CASE("a run that asks for too much memory is failed and not tried again, others run") {
  const Workplace here;
  const SweepFolder sweep(here, "s");
  const Ended ended = here.call(
      "sweep --sweep.max_memory_mb 300 --sweep.dir s --model.hidden 4,4000 --task.length 8"
      " --task.valid_examples 8 --task.test_examples 8 --train.batch 4 --train.steps 6");
  CHECK(ended.code == 70);
  CHECK(sweep.state(0) == "completed");
  CHECK(sweep.state(1) == "failed");
  CHECK_THAT(sweep.status(1)["message"].get<std::string>(),
             Contains("out of memory, sweep.max_memory_mb = 300"));
  CHECK_THAT(ended.err, !Contains("trying again"));
  CHECK(here.call("resume s --quiet --sweep.max_memory_mb 100").code == 70);
}
#endif
