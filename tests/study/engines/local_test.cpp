#include "study/engines/local.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <signal.h>

#include "files.hpp"
#include "record/scratch.hpp"
#include "study/folder_lock.hpp"
#include "study/text_file.hpp"
#include "study/toy.hpp"

using namespace rnnlab;
using test::text_of;

namespace {

const std::atomic<bool> go_on{false};

/// Scripts as jobs, and how they ended.
class Scripts {
 public:
  void add(const std::string& script, const std::string& folder = "") {
    jobs_.push_back({jobs_.size(), {"-c", script}, log(), folder});
  }
  std::string log() const { return scratch_.path("logs/log.txt"); }
  std::string path(const std::string& name) const { return scratch_.path(name); }

  std::vector<LocalEnd> run(const LocalLimits& limits, std::size_t tries = 1) {
    std::vector<LocalEnd> ends;
    std::map<std::size_t, std::size_t> times;
    run_local(
        "/bin/sh", jobs_, limits, go_on,
        [&](const LocalEnd& end) {
          ends.push_back(end);
          return ++times[end.index] < tries;
        },
        [](const std::vector<std::size_t>&) {});
    return ends;
  }

 private:
  test::Scratch scratch_;
  std::vector<LocalJob> jobs_;
};

}  // namespace

TEST_CASE("processes end with a code or by a signal, and write to a log") {
  Scripts scripts;
  scripts.add("echo first; exit 3");
  scripts.add("kill -KILL $$");
  scripts.add("echo third >&2");
  const auto ends = scripts.run({});
  REQUIRE(ends.size() == 3);
  CHECK(ends[0].exit_code == 3);
  CHECK(ends[1].signal == SIGKILL);
  CHECK(ends[2].exit_code == 0);
  CHECK(ends[2].log_begin == 6);
  CHECK(text_of(scripts.log()) == "first\nthird\n");
}

TEST_CASE("a job is run again after the others, as often as is said") {
  Scripts scripts;
  scripts.add("echo a; exit 70");
  scripts.add("echo b; exit 70");
  CHECK(scripts.run({}, 2).size() == 4);
  CHECK(text_of(scripts.log()) == "a\nb\na\nb\n");
}

TEST_CASE("who takes too long is told to end, and killed if that does not help") {
  Scripts scripts;
  scripts.add("trap 'exit 75' TERM; while :; do sleep 0.01; done");
  scripts.add("trap '' TERM; while :; do sleep 0.01; done");
  scripts.add("exit 0");
  const auto ends = scripts.run({.at_once = 3, .max_seconds = 2, .grace_seconds = 0.5});
  REQUIRE(ends.size() == 3);
  CHECK(ends[0].index == 2);
  CHECK_FALSE(ends[0].too_long);
  for (const LocalEnd& end : ends) {
    if (end.index == 0) CHECK((end.too_long && end.exit_code == 75));
    if (end.index == 1) CHECK((end.too_long && end.signal == SIGKILL));
  }
}

TEST_CASE("a limit of memory is the process' own") {
  Scripts scripts;
  scripts.add("ulimit -d");
  scripts.run({.max_memory_mb = 512});
  CHECK(text_of(scripts.log()) == "524288\n");
}

TEST_CASE("a job waits for its folder, the others meanwhile run, and at last it is given up") {
  Scripts scripts;
  const std::string folder = scripts.path("held");
  make_folder(folder);
  scripts.add("echo held", folder);
  scripts.add("echo free");
  {
    const FolderLock lock(folder);
    const auto ends = scripts.run({.patience = 0.1});
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].index == 1);
    CHECK(ends[1].held);
    CHECK(text_of(scripts.log()) == "free\n");
  }
  CHECK(scripts.run({.patience = 0.1}).front().index == 0);

  // Held by a process that dies: it is waited for.
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  test::Child holder([&] {
    const FolderLock lock(folder);
    if (write(ready[1], "x", 1) != 1) return 1;
    usleep(200'000);
    return 0;
  });
  char byte;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  const auto ends = scripts.run({.patience = 60});
  REQUIRE(ends.size() == 2);
  CHECK_FALSE(ends[1].held);
  CHECK(ends[1].index == 0);
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("a program that is not there is an error") {
  const test::Scratch scratch;
  const auto start = [&] {
    run_local(
        scratch.path("none"), {{0, {}, scratch.path("log.txt")}}, {}, go_on,
        [](const LocalEnd&) { return false; }, [](const std::vector<std::size_t>&) {});
  };
  CHECK_THAT(error_of(start), Catch::StartsWith("70: cannot start"));
}
