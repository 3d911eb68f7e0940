#include <map>

#include "faults/disk.hpp"
#include "faults/trial.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    files[entry.path().string()] = entry.is_regular_file() ? text_of(entry.path()) : "";
  return files;
}

}  // namespace

TEST_CASE("a disk that becomes read only is told, changes nothing, and can still be read") {
  Tally tally("read-only mount", "run, resume, extend, repair, sweep");
  const Trial trial(varied_run(1));
  fs::create_directory(trial.here.path("disk"));
  const Disk disk(trial.here.path("disk").string(), 10'000);
  if (!disk) {
    WARN("skipped: no right to mount");
    return;
  }
  const std::string grid = " --quiet --train.seed 0..1 --sweep.dir disk/sweep" + tiny;
  REQUIRE(trial.here.call("sweep" + grid).code == 0);
  fs::remove_all(*fs::directory_iterator(trial.here.path("disk/sweep/runs")));
  fs::copy(trial.here.path("whole"), trial.here.path("disk/done"));
  trial.leave_half_finished("disk/half", "checkpoint.h5");
  REQUIRE(disk.forbid_writing());
  const auto before = files_below(trial.here.path("disk"));

  for (const std::string& line :
       {trial.command("disk/new"), trial.command("disk/half"), "repair disk/half/run.h5"s,
        "resume disk/done --quiet --train.steps 1000"s, "resume disk/sweep --quiet"s,
        "sweep --quiet --train.seed 0..1 --sweep.dir disk/other" + tiny}) {
    const Ended ended = trial.here.call(line);
    INFO(line << ": " << ended.code << "\n" << ended.err);
    ++tally.injected;
    const bool told = ended.code == 5 && ended.one_line_error();
    tally.wrong_answers += !told;
    CHECK(told);
  }
  for (const char* line :
       {"resume disk/done", "status disk/done", "status disk/half", "status disk/sweep",
        "compare disk/sweep --by model.hidden --metric test/mse"})
    CHECK(trial.here.call(line).code == 0);
  CHECK(files_below(trial.here.path("disk")) == before);
  tally.check();
}
