#include <filesystem>
#include <map>
#include <signal.h>

#include "faults/sweep_trial.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

namespace fs = std::filesystem;

struct Phase {
  std::string settings;
  std::string sign;  // the file that is there from the phase's beginning on; none: from the start
};

const std::string small =
    "--task.length 20 --model.hidden 16 --train.batch 8 --record.every 1 --task.name ";

std::map<std::string, Phase> phases() {
  const std::string many = sanitized ? "2000" : "20000";
  return {
      {"loading data",
       {"--task.name char-lm --task.path large.txt --train.steps 4 --model.hidden 4"
        " --train.eval_every 0 --task.length 8",
        ""}},
      {"training",
       {small + "adding --task.valid_examples 8 --task.test_examples 8"
                " --train.steps 4000",
        "run.h5"}},
      {"validation",
       {small +
            "adding --task.test_examples 8 --train.steps 3"
            " --train.eval_every 1 --task.valid_examples " +
            many,
        "run.h5"}},
      {"test evaluation",
       {small +
            "adding --train.eval_every 0 --train.steps 20"
            " --task.test_examples " +
            many,
        "checkpoint.h5"}},
  };
}

void make_large_text(const Workplace& here) {
  std::string text;
  for (long i = 0; text.size() < (sanitized ? 400'000u : 4'000'000u); ++i)
    text += "line " + std::to_string(i * i % 9973) + "\n";
  write_file(here.path("large.txt"), text);
}

const std::map<std::string, int> signals{
    {"SIGTERM", SIGTERM}, {"SIGINT", SIGINT}, {"SIGUSR1", SIGUSR1}};

}  // namespace

TEST_CASE("a stop signal in every phase of a run is exit 75 with a checkpoint, and costs nothing") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  std::size_t turn = chance.below(signals.size());
  for (const auto& [name, phase] : phases()) {
    Tally tally("SIGTERM, SIGINT, SIGUSR1", name);
    const Trial trial(phase.settings, make_large_text);
    for (int i = 0; tally.injected < injections(1, 15) && i < 100; ++i) {
      const auto& [signal, number] = *std::next(signals.begin(), turn++ % signals.size());
      const std::string folder = "stopped" + std::to_string(i);
      auto started = trial.here.start(trial.command(folder));
      REQUIRE(eventually([&] {
        return catches(started.pid(), number) &&
               (phase.sign.empty() || trial.here.has(folder + "/" + phase.sign));
      }));
      started.signal(number);
      const Ended ended = started.wait();
      INFO(name << ", " << signal << ": " << ended.code << "\n" << ended.err);
      if (ended.code != 0) {  // else it was over by then
        ++tally.injected;
        const bool kept = phase.sign.empty() || trial.here.has(folder + "/checkpoint.h5");
        tally.wrong_answers += ended.code != 75 || !kept;
        CHECK(ended.code == 75);
        CHECK(kept);
      }
      trial.finish(folder, tally);
    }
    tally.check();
  }
}

TEST_CASE("a stop signal at the start of a sweep is exit 75, and costs nothing") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("SIGTERM, SIGINT, SIGUSR1", "a sweep's start");
  const SweepTrial trial(
      "--task.length 8 --task.valid_examples 8 --task.test_examples 8 --model.hidden 4"
      " --train.steps 40 --train.seed 0..2");
  std::size_t turn = chance.below(signals.size());
  for (int i = 0; tally.injected < injections(1, 15) && i < 100; ++i) {
    const auto& [signal, number] = *std::next(signals.begin(), turn++ % signals.size());
    const std::string folder = "stopped" + std::to_string(i);
    auto started = trial.here.start(trial.command(folder));
    REQUIRE(eventually([&, n = number] { return catches(started.pid(), n); }));
    started.signal(number);
    const Ended ended = started.wait();
    INFO(signal << ": " << ended.code << "\n" << ended.err);
    if (ended.code != 0) {
      ++tally.injected;
      tally.wrong_answers += ended.code != 75;
      CHECK(ended.code == 75);
    }
    trial.finish(folder, tally);
  }
  tally.check();
}
