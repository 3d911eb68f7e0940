#include <catch2/catch.hpp>

#include "command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("applications: a run that is killed and goes on has the same bytes") {
  const std::string task = GENERATE(
      as<std::string>{}, "caption --model.name gru",
      "reading --task.supporting 2 --model.name seq2seq-attention",
      "summarise --model.name seq2seq-attention", "speech --task.target frames --model.name bi-gru",
      "speech --task.target word --model.name gru",
      "speech --task.target characters --model.name seq2seq-attention",
      "speech --task.target ctc --model.name bi-lstm", "melodies --model.name gru",
      "moving-mnist --task.images made --model.name gru",
      "marks --task.rows 4 --task.columns 4 --model.name md-lstm",
      "spelling --task.lines 100 --task.length 20 --model.name lstm");
  CAPTURE(task);
  const Workplace here;
  const bool sized = !task.starts_with("spelling");
  const std::string run = "run --task.name " + task +
                          " --model.hidden 12 --train.batch 4 --train.steps 60 "
                          "--train.eval_every 20 --record.every 10 --quiet" +
                          (sized ? " --task.valid_examples 10 --task.test_examples 10" : "") +
                          " --run.dir ";
  const Ended whole = here.call(run + "a");
  CAPTURE(whole.err);
  REQUIRE(whole.code == 0);
  Started cut = here.start(run + "b --run.checkpoint_every 10");
  eventually([&] { return here.has("b/checkpoint.h5"); });
  cut.signal(SIGKILL);
  cut.wait();
  REQUIRE(here.call("resume b --quiet").code == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string()).empty());
}
