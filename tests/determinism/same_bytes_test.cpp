#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// 41 examples do not divide into shards of at most 16: 14, 14 and 13.
const std::string uneven =
    " --task.length 37 --task.valid_examples 50 --task.test_examples 50 --model.hidden 20"
    " --train.batch 41 --train.steps 12 --train.eval_every 5 --record.every 3";

}  // namespace

TEST_CASE("a run's file has the same bytes for any number of threads", "[determinism]") {
  const std::string model = GENERATE("vanilla", "lstm", "deep-gru");
  const std::string rest = GENERATE(
      "--task.name adding --train.clip_norm 0.1", "--task.name noise --train.optimizer rmsprop",
      "--task.name adding@arjovsky2016 --task.train_examples 97 --train.precision float64");
  const Workplace here;
  const std::string run = "run --model.name " + model + " " + rest + uneven;
  REQUIRE(here.call(run + " --run.threads 1 --run.dir one").code == 0);
  for (const std::string threads : {"2", "3", "8"}) {
    REQUIRE(here.call(run + " --run.threads " + threads + " --run.dir many" + threads).code == 0);
    CHECK(differing_datasets(here.path("one/run.h5").string(),
                             here.path("many" + threads + "/run.h5").string())
              .empty());
  }
}

TEST_CASE("another seed gives other bytes", "[determinism]") {
  const Workplace here;
  REQUIRE(here.call("run --train.seed 0 --run.dir a" + uneven).code == 0);
  REQUIRE(here.call("run --train.seed 1 --run.dir b" + uneven).code == 0);
  const auto differing =
      differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string());
  const auto differs = [&](const std::string& path) {
    return std::find(differing.begin(), differing.end(), path) != differing.end();
  };
  CHECK(differs("metrics/train/loss"));
  CHECK(differs("model/parameters/weight_hh_l0"));
  CHECK(differs("gradients/hidden/layers.0.forward/log_norm"));
}
