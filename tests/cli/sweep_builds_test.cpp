#include <catch2/catch.hpp>
#include <fstream>

#include "command.hpp"
#include "record/run_reader.hpp"
#include "sweep_folder.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// Calls a program of the workplace with words that need no quotes; its output goes to `other.txt`.
int call_other(const Workplace& here, const std::string& line) {
  const std::string command =
      "cd '" + here.path("").string() + "' && ./other " + line + " > other.txt 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The program, and yet another one: a byte longer.
void make_other_build(const Workplace& here) {
  std::filesystem::copy_file(program, here.path("other"));
  std::ofstream(here.path("other"), std::ios::app | std::ios::binary) << 'x';
}

}  // namespace

TEST_CASE("another build goes on with a sweep only if it is told to, and that is recorded") {
  const Workplace here;
  make_other_build(here);
  const SweepFolder sweep(here, "s");
  const std::string grid = "sweep --train.seed 0..1 --sweep.dir s --sweep.jobs 2" + endless;
  {
    Started started = here.start(grid);
    REQUIRE(eventually([&] { return sweep.is_training(0) && sweep.is_training(1); }));
    started.signal(SIGTERM);
    CHECK(started.wait().code == 75);
  }
  const std::string frozen = text_of(here.path("s/manifest.json"));
  CHECK(call_other(here, "resume s") == 2);
  CHECK_THAT(text_of(here.path("other.txt")),
             Contains("begun by another build") && Contains("--force"));
  CHECK(call_other(here, grid) == 2);
  CHECK(text_of(here.path("s/manifest.json")) == frozen);

  CHECK(call_other(here, "resume s --force --sweep.max_seconds 3") == 75);
  CHECK(sweep.manifest()["forced"].size() == 1);
  for (const std::size_t run : {0, 1})
    CHECK_THAT(text_of(sweep.run(run) / "log.txt"), Contains("going on from step"));
  // Both are known from now on.
  CHECK(here.call("resume s --quiet --sweep.max_seconds 3").code == 75);
  CHECK(sweep.state(0) == "interrupted");
}

TEST_CASE("another build may look at what is complete, and begin what was not begun") {
  const Workplace here;
  make_other_build(here);
  const SweepFolder sweep(here, "s");
  REQUIRE(here.call("sweep --train.seed 0..1 --sweep.dir s --quiet" + tiny).code == 0);
  CHECK(call_other(here, "resume s") == 0);
  CHECK(sweep.manifest()["forced"].empty());

  const std::string built = sweep.manifest()["build"]["program_sha256"];
  std::filesystem::remove_all(here.path("s/runs"));
  CHECK(call_other(here, "resume s") == 0);
  CHECK(sweep.manifest()["build"]["program_sha256"] != built);
  CHECK(sweep.manifest()["forced"].empty());
}
