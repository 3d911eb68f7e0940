#include <catch2/catch.hpp>

#include "cli/command.hpp"

using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("a run that diverges says where, and the step can be taken again") {
  const Workplace here;
  const std::string small =
      " --quiet --task.length 50 --model.hidden 16 --train.steps 20 --task.test_examples 16"
      " --task.valid_examples 16";
  Ended ended = here.call("run --run.dir a --model.name vanilla --model.activation relu" + small +
                          " --model.recurrent_init scaled --model.spectral_radius 50");
  CHECK(ended.code == 3);
  const std::string place = "h of layers.0.forward is inf at time step ";
  CHECK_THAT(ended.out, Contains("not finite at step 0: first, " + place) &&
                            Contains("rnnlab replay a takes the step again"));
  CHECK_THAT(here.call("status a --format json").out, Contains(place));

  ended = here.call("replay a");
  INFO(ended.out);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("recorded  " + place) && Contains("now       " + place) &&
                            Contains("its largest magnitude at the steps before: "));

  CHECK(here.call("run --run.dir b" + small).code == 0);
  ended = here.call("replay b");
  CHECK(ended.code == 2);
  CHECK(ended.one_line_error());

  std::string bytes = text_of(here.path("a/nonfinite.h5"));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(here.path("a/nonfinite.h5"), bytes);
  ended = here.call("replay a");
  CHECK(ended.code == 4);
  CHECK(ended.one_line_error());
}
