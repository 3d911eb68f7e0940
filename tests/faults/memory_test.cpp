#include <map>
#include <sys/resource.h>

#include "faults/trial.hpp"
#include "study/manifest.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

namespace fs = std::filesystem;

/// Counts what of a sweep's runs is not as in `whole`.
void compare_sweeps(const Workplace& here, const std::string& folder, Tally& tally) {
  for (const auto& run : fs::directory_iterator(here.path("whole/runs"))) {
    const fs::path other = here.path(folder + "/runs") / run.path().filename();
    const auto status = read_status(other);
    if (!status || status->state != "completed") {
      ++tally.lost_runs;
      continue;
    }
    tally.different_bytes +=
        differing_bytes((run.path() / "run.h5").string(), (other / "run.h5").string());
  }
}

std::map<std::string, int> states(const Workplace& here, const std::string& folder) {
  std::map<std::string, int> counts;
  for (const auto& run : fs::directory_iterator(here.path(folder + "/runs")))
    if (const auto status = read_status(run.path())) ++counts[status->state];
  return counts;
}

}  // namespace

TEST_CASE("the kernel kills one run of a sweep: the others end, resume completes it") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGKILL of one run, as for want of memory", "a sweep of 4 runs");
  const Workplace here;
  const std::string grid =
      "sweep --quiet --sweep.jobs 2 --task.length 20 --task.valid_examples 32"
      " --task.test_examples 32 --model.hidden 12 --train.batch 8 --train.steps 1500"
      " --train.eval_every 100 --record.every 10 --train.seed 0..3 --run.checkpoint_every 100"
      " --sweep.dir ";
  REQUIRE(here.call(grid + "whole").code == 0);
  for (int i = 0; i < injections(1, 20); ++i) {
    const std::string folder = "killed" + std::to_string(i);
    auto started = here.start(grid + folder);
    const std::size_t victim = chance.below(4);
    std::int64_t pid = 0;
    REQUIRE(eventually([&] {
      if (!here.has(folder + "/manifest.json")) return false;
      const auto run = read_manifest(here.path(folder)).runs.at(victim);
      const auto status = read_status(run_folder(here.path(folder), run));
      if (status && status->state == "running") pid = status->pid;
      return pid > 0 || (status && status->finished());
    }));
    if (pid > 0) kill(static_cast<pid_t>(pid), SIGKILL);
    const Ended ended = started.wait();
    INFO(ended.code << "\n" << ended.err);
    const bool hit = ended.code != 0;
    tally.injected += hit;
    if (hit) {
      const bool right = ended.code == 70 && states(here, folder)["completed"] == 3;
      tally.wrong_answers += !right;
      CHECK(right);
      const Ended again = here.call("resume " + folder + " --quiet");
      INFO(again.err);
      CHECK(again.code == 0);
    }
    compare_sweeps(here, folder, tally);
  }
  tally.check();
}

TEST_CASE("a run that gets no memory is told, the others end, resume completes it") {
  if (sanitized) {
    WARN("skipped: sanitizers need more memory than any limit that shows something");
    return;
  }
  Tally tally("no more memory (RLIMIT_AS) for one run", "a sweep of 2 runs");
  const Workplace here;
  const std::string grid =
      "sweep --quiet --sweep.jobs 2 --task.length 8 --task.valid_examples 8 --task.test_examples 8"
      " --train.batch 4 --train.steps 2 --train.eval_every 0 --model.hidden 8,1200 --sweep.dir ";
  REQUIRE(here.call(grid + "whole").code == 0);
  Child limited([&] {
    const rlimit limit{150u << 20, 150u << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return 1;
    const Ended ended = here.call(grid + "limited");
    write_file(here.path("told"), ended.err);
    return ended.code;
  });
  const int code = limited.wait();
  INFO(text_of(here.path("told")));
  ++tally.injected;
  const bool right = code == 70 && states(here, "limited")["completed"] == 1;
  tally.wrong_answers += !right;
  CHECK(right);
  const Ended again = here.call("resume limited --quiet");
  INFO(again.err);
  CHECK(again.code == 0);
  compare_sweeps(here, "limited", tally);
  tally.check();
}
