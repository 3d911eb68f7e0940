#include "study/run_end.hpp"

#include <catch2/catch.hpp>
#include <signal.h>

#include "files.hpp"
#include "record/scratch.hpp"
#include "study/text_file.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

struct Ending {
  Status status;
  bool again;
};

/// What becomes of a run with this status.json and log, whose process ended so.
Ending ending(const std::string& state, const std::string& log, const LocalEnd& end,
              const LocalLimits& limits = {}) {
  const test::Scratch scratch;
  const Manifest manifest = make_manifest(expand(toy_registry(), {}));
  const auto folder = run_folder(scratch.path(""), manifest.runs.front());
  make_folder(folder);
  if (!state.empty()) write_status(folder, {.state = state, .step = 7, .steps = 9});
  test::write_file(folder / "log.txt", log);
  const Status status =
      status_after(toy_registry(), scratch.path(""), manifest.runs.front(), end, limits);
  if (!end.held && status.state == "failed") CHECK(read_status(folder)->message == status.message);
  return {status, is_worth_another_try(end, status, limits)};
}

}  // namespace

TEST_CASE("a crash is a failure with its reason, and worth another try") {
  const Ending killed = ending("running", "", {.signal = SIGKILL});
  CHECK(killed.status.state == "failed");
  CHECK(killed.status.message == "ended by a signal: Killed");
  CHECK(killed.status.step == 7);
  CHECK(killed.again);
  const Ending bug =
      ending("", "x\nrnnlab: error: before\nrnnlab: error: a bug: y; please report it\nz\n",
             {.exit_code = 70});
  CHECK(bug.status.message == "a bug: y; please report it");
  CHECK(bug.again);
  CHECK_THAT(ending("", "", {.exit_code = 127}).status.message, Contains("exit code 127"));
}

TEST_CASE("bad options, bad data and a full disk are not tried again") {
  for (const int code : {2, 4, 5}) {
    const Ending end = ending("running", "rnnlab: error: why\n", {.exit_code = code});
    CHECK(end.status.state == "failed");
    CHECK(end.status.message == "why");
    CHECK_FALSE(end.again);
  }
  const std::string before = "rnnlab: error: of an earlier process\n";
  const Ending now = ending("", before, {.exit_code = 2, .log_begin = before.size()});
  CHECK_THAT(now.status.message, Contains("exit code 2"));
}

TEST_CASE("a run that asks for more memory than it may is failed, and names the limit") {
  const std::string log = "rnnlab: error: out of memory; take less\n";
  const Ending end = ending("running", log, {.exit_code = 70}, {.max_memory_mb = 64});
  CHECK(end.status.state == "failed");
  CHECK_THAT(end.status.message, Contains("sweep.max_memory_mb = 64"));
  CHECK_FALSE(end.again);
  CHECK(ending("running", log, {.exit_code = 70}).again);  // the machine's memory, not its own
}

TEST_CASE("a run that was stopped is interrupted") {
  const Ending late =
      ending("running", "", {.signal = SIGKILL, .too_long = true}, {.max_seconds = 2.5});
  CHECK(late.status.state == "interrupted");
  CHECK_THAT(late.status.message, Contains("sweep.max_seconds = 2.5"));
  CHECK_FALSE(late.again);
  CHECK(ending("interrupted", "", {.exit_code = 75}).status.state == "interrupted");
  const Ending held = ending("running", "", {.held = true});
  CHECK(held.status.state == "interrupted");
  CHECK_FALSE(held.again);
}

TEST_CASE("a run that ended is what it says") {
  CHECK(ending("completed", "", {}).status.state == "completed");
  CHECK(ending("diverged", "", {.exit_code = 3}).status.state == "diverged");
  CHECK(ending("completed", "", {.too_long = true}).status.state == "completed");
}
