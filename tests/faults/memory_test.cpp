#include <signal.h>
#include <sys/resource.h>

#include "faults/sweep_trial.hpp"
#include "study/manifest.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("the kernel kills one run of a sweep: the others end, resume completes it") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGKILL of one run, as for want of memory", "a sweep");
  const SweepTrial trial(
      "--task.length 20 --task.valid_examples 32 --task.test_examples 32 --model.hidden 12"
      " --train.batch 8 --train.steps 1500 --train.eval_every 100 --record.every 10"
      " --train.seed 0..3 --run.checkpoint_every 300");
  const Workplace& here = trial.here;
  for (int i = 0; i < injections(1, 20); ++i) {
    const std::string folder = "killed" + std::to_string(i);
    auto started = here.start(trial.command(folder));
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
    tally.injected += pid > 0;
    // 0: it was tried again, or was quicker than its killer.
    const int completed = trial.states(folder)["completed"];
    const bool right = ended.code == 70 ? completed == 3 : ended.code == 0 && completed == 4;
    tally.wrong_answers += !right;
    CHECK(right);
    trial.finish(folder, tally);
  }
  tally.check();
}

TEST_CASE("a run that gets no memory is told, the others end, resume completes it") {
  if (sanitized) {
    WARN("skipped: sanitizers need more memory than any limit that shows something");
    return;
  }
  Tally tally("no memory for one run (RLIMIT_AS)", "a sweep");
  const SweepTrial trial(
      "--task.length 8 --task.valid_examples 8 --task.test_examples 8 --train.batch 4"
      " --train.steps 2 --train.eval_every 0 --model.hidden 8,1200");
  Child limited([&] {
    const rlimit limit{150u << 20, 150u << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return 1;
    const Ended ended = trial.here.call(trial.command("limited"));
    write_file(trial.here.path("told"), ended.err);
    return ended.code;
  });
  const int code = limited.wait();
  INFO(code << "\n" << text_of(trial.here.path("told")));
  ++tally.injected;
  const bool right = code == 70 && trial.states("limited")["completed"] == 1;
  tally.wrong_answers += !right;
  CHECK(right);
  trial.finish("limited", tally);
  tally.check();
}
