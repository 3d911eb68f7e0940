#include <catch2/catch.hpp>
#include <filesystem>

#include "base/text.hpp"
#include "command.hpp"
#include "python.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

const std::string small =
    " --task.name file --model.name gru --model.hidden 8 --train.batch 8 --train.steps 20"
    " --train.eval_every 10 --quiet";

}  // namespace

TEST_CASE("own data: arrays of NumPy and of HDF5 are trained on, known by their content") {
  const Workplace here;
  std::filesystem::create_directory(here.path("data"));
  const Python written = python("tasks/write_arrays.py", here.path("data").string());
  if (written.code == 77) {
    WARN("skipped: " + written.output);
    return;
  }
  REQUIRE(written.code == 0);

  const Ended ended = here.call("run --run.dir a --task.path data/sums.npz" + small);
  CHECK(ended.err.empty());
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.out, Contains("test/mse") && Contains("mean of the training targets"));
  const RunReader run(here.path("a/run.h5").string());
  const std::string hash = sha256(text_of(here.path("data/sums.npz")));
  std::string recorded;
  for (const auto& [name, value] : run.attributes()) {
    if (name == "data_sha256") recorded = std::get<std::string>(value);
  }
  CHECK(recorded == hash);
  CHECK_THAT(run.config(), Contains("path = sha256:" + hash));

  // The same file elsewhere is the same run; another seed another split, and another run.
  std::filesystem::rename(here.path("data/sums.npz"), here.path("moved.npz"));
  CHECK_THAT(here.call("run --run.dir a --task.path moved.npz" + small).out, Contains("complete"));
  CHECK(here.call("run --run.dir a --task.path moved.npz --task.seed 1" + small).code == 2);
  REQUIRE(here.call("run --run.dir b --run.threads 2 --task.path moved.npz" + small).code == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string()).empty());

  REQUIRE(here.call("run --run.dir c --task.path data/symbols.h5" + small).code == 0);
  CHECK(RunReader(here.path("c/run.h5").string()).last("test/accuracy").has_value());

  for (const std::string name : {"bad-nan.npz", "bad-not-a-zip.npz", "bad-group.h5"}) {
    const Ended wrong = here.call("run --run.dir d --task.path data/" + name + small);
    CAPTURE(wrong.err);
    CHECK(wrong.code == 4);
    CHECK(wrong.one_line_error());
    CHECK_THAT(wrong.err, Contains(name));
    CHECK_FALSE(here.has("d"));
  }
}
