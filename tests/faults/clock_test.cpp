#include "faults/failing_calls.hpp"
#include "faults/trial.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("clocks that jump by a day change no byte and store no heap of checkpoints") {
  if (sanitized) {
    WARN("skipped: nothing can be laid over a program with sanitizers");
    return;
  }
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  Tally tally("clocks jump by ±1 day, every 601st reading", "a run");
  const std::size_t first = chance.below(28);
  for (std::size_t i = 0; i < static_cast<std::size_t>(injections(2, 28)); ++i) {
    const Trial trial(varied_run(first + i));
    INFO(trial.settings());
    const auto checkpoints = [&](const std::string& folder, const std::string& preload) {
      const std::string put_aside = folder + "/checkpoint.previous.h5";
      const FailingCalls counted(trial.here, put_aside, "rename", 0, 0, false);
      const Environment both("LD_PRELOAD", preload);
      return counted.during([&] {
        const Ended ended = trial.here.call(trial.command(folder));
        INFO(ended.err);
        CHECK(ended.code == 0);
      });
    };
    const long usual = checkpoints("usual", failing_calls);
    const long jumping = checkpoints("jumping", failing_calls + " " + jumping_clock);
    ++tally.injected;
    // A jump can make one due.
    tally.wrong_answers += jumping > usual + 20;
    CHECK(jumping <= usual + 20);
    trial.compare("jumping", tally);
  }
  tally.check();
}
