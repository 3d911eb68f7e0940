#include "faults/failing_calls.hpp"

#include <cerrno>

#include "faults/trial.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Every call of a kind fails once, the first, the second, … until a run has no more of them; then
/// the run is brought to its end without that.
void fail_each(const Trial& trial, const std::string& kind, int error, bool on, int share,
               Tally& tally) {
  const std::string folder = kind + std::to_string(error);
  const long all = FailingCalls(trial.here, folder, kind, 0, error, on).during([&] {
    trial.here.call(trial.command(folder));
  });
  REQUIRE(all > 0);
  const long stride = full() ? 1 : std::max(1L, all / share);
  for (long n = 1;; n += stride) {
    const std::string here = folder + "-" + std::to_string(n);
    const std::string line = trial.command(here);
    Ended ended;
    const long calls = FailingCalls(trial.here, here, kind, n, error, on).during([&] {
      ended = trial.here.call(line);
    });
    if (calls >= 0 && calls < n) {
      CHECK(ended.code == 0);
      break;
    }
    INFO(kind << " no. " << n << " of " << all << ": " << ended.code << "\n" << ended.err);
    ++tally.injected;
    const bool told = ended.code == 5 && ended.one_line_error();
    const bool harmless = ended.code == 0 && ended.err.empty();
    const bool crashed = ended.code == crashed_in_hdf5;
    tally.hdf5_crashes += crashed;
    tally.wrong_answers += !told && !harmless && !crashed;
    CHECK((told || harmless || crashed));
    if (harmless) trial.compare(here, tally);
    trial.finish(here, tally);
    std::filesystem::remove_all(trial.here.path(here));
  }
}

}  // namespace

TEST_CASE(
    "the n-th write, sync, rename or open fails: it is told, and the run can be brought to its "
    "end") {
  if (sanitized) {
    WARN("skipped: nothing can be laid over a program with sanitizers");
    return;
  }
  const Trial trial(
      "--task.length 8 --task.valid_examples 8 --task.test_examples 8 --model.hidden 4"
      " --train.batch 4 --train.steps 14 --train.eval_every 5 --record.every 1"
      " --run.checkpoint_every 4");
  for (const char* kind : {"write", "sync", "rename", "open"}) {
    Tally once("one system call fails, EIO: the 1st, 2nd, 3rd … of a run", kind);
    fail_each(trial, kind, EIO, false, 4, once);
    once.check();
    Tally on("system calls fail, ENOSPC: from the 1st, 2nd, 3rd … of a run on", kind);
    fail_each(trial, kind, ENOSPC, true, 2, on);
    on.check();
  }
}
