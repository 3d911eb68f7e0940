#include <signal.h>

#include "faults/sweep_trial.hpp"
#include "nn/models/members.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Starts a command and kills it so many seconds later, if it has not ended by then.
bool killed(const Workplace& here, const std::string& line, double seconds) {
  auto started = here.start(line);
  usleep(static_cast<useconds_t>(seconds * 1e6));
  started.signal(SIGKILL);
  const Ended ended = started.wait();
  INFO(line << "\n" << ended.err);
  CHECK((ended.code == 0 || ended.code == -SIGKILL));
  return ended.code == -SIGKILL;
}

}  // namespace

TEST_CASE(
    "runs killed at random moments, again and again, end with the bytes of those that were not") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGKILL at a random moment of a run, of some again and again",
              "28 runs: models × tasks × optimizers × instruments");
  const long wanted = injections(10, 200), runs = injections(3, 28);
  const std::size_t first = full() ? 0 : chance.below(28);
  for (long i = 0; i < runs; ++i) {
    const Trial trial(varied_run(first + static_cast<std::size_t>(i)));
    INFO(trial.settings());
    const long until = wanted * (i + 1) / runs;
    for (int attempt = 0; tally.injected < until && attempt < 200; ++attempt) {
      const std::string folder = "killed" + std::to_string(attempt);
      bool again = true;
      while (again && tally.injected < until) {
        again = killed(trial.here, trial.command(folder), chance.fraction() * trial.seconds());
        tally.injected += again;
        again = again && chance.below(2) == 0;
      }
      trial.finish(folder, tally);
    }
  }
  CHECK(tally.injected == wanted);
  tally.check();
}

TEST_CASE("each member of the zoo, killed at a random moment, ends with the same bytes") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGKILL at a random moment of a run of each member of the zoo",
              "every preset, with dropout");
  const auto& members = model_presets();
  const std::size_t first = full() ? 0 : chance.below(members.size());
  const long wanted = injections(3, static_cast<int>(members.size()));
  for (long i = 0; tally.injected < wanted; ++i) {
    REQUIRE(i < 40 * wanted);
    const auto& member =
        members[(first + static_cast<std::size_t>(tally.injected)) % members.size()];
    const ModelOptions options = options_of(member);
    const std::string task = reads_images(options)
                                 ? " --task.name marks --task.rows 4 --task.columns 5"
                             : writes_sequences(options) ? " --task.name reverse --task.length 8"
                                                         : " --task.length 20";
    const Trial trial("--model.hidden 12 --train.batch 8 --model.dropout 0.3" + task +
                      " --task.valid_examples 48 --task.test_examples 48 --train.steps 600"
                      " --train.eval_every 150 --record.every 20 --run.checkpoint_every 70"
                      " --model.name " +
                      member.name);
    INFO(trial.settings());
    if (!killed(trial.here, trial.command("killed"), chance.fraction() * trial.seconds())) continue;
    ++tally.injected;
    trial.finish("killed", tally);
  }
  tally.check();
}

TEST_CASE(
    "a sweep killed at random moments, and resumed at once, ends as if nothing had happened") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGKILL at a random moment of a sweep", "4 runs, 2 at a time");
  const SweepTrial trial(
      "--task.length 20 --task.valid_examples 32 --task.test_examples 32 --model.hidden 12"
      " --train.batch 8 --train.steps 1500 --train.eval_every 300 --record.every 10"
      " --train.seed 0..3 --run.checkpoint_every 200");
  for (int i = 0; tally.injected < injections(1, 50) && i < 200; ++i) {
    const std::string folder = "killed" + std::to_string(i);
    tally.injected +=
        killed(trial.here, trial.command(folder), chance.fraction() * trial.seconds());
    trial.finish(folder, tally);
  }
  tally.check();
}
