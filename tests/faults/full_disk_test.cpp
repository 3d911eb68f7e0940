#include "faults/disk.hpp"
#include "faults/trial.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE(
    "a disk that is full at any page of a run is told, and costs nothing once there is room") {
  Tally tally("disk full at the 1st, 2nd, 3rd … page", "declaring, rows, checkpoints, status, end");
  const Trial trial(
      "--task.length 12 --task.valid_examples 8 --task.test_examples 8 --model.hidden 6"
      " --train.batch 4 --train.steps 160 --train.eval_every 40 --record.every 1"
      " --run.checkpoint_every 50");
  std::filesystem::create_directory(trial.here.path("disk"));
  constexpr long plenty = 10'000;
  const Disk disk(trial.here.path("disk").string(), plenty);
  if (!disk) {
    WARN("skipped: no right to mount");
    return;
  }
  const long stride = full() ? 1 : sanitized ? 40 : 9;
  for (long pages = 1 + static_cast<long>(Chance().below(static_cast<std::size_t>(stride)));;
       pages += stride) {
    REQUIRE(disk.resize(pages));
    const Ended ended = trial.here.call(trial.command("disk/a"));
    INFO(pages << " pages: " << ended.code << "\n" << ended.err);
    if (ended.code == 0) break;
    ++tally.injected;
    const bool told = ended.code == 5 && ended.one_line_error();
    tally.wrong_answers += !told;
    CHECK(told);
    REQUIRE(disk.resize(plenty));
    trial.finish("disk/a", tally);
    std::filesystem::remove_all(trial.here.path("disk/a"));
    REQUIRE(std::filesystem::is_empty(trial.here.path("disk")));
  }
  trial.compare("disk/a", tally);
  tally.check();
}
