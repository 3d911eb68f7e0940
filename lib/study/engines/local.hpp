#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rnnlab {

/// One process to run.
struct LocalJob {
  std::size_t index = 0;
  std::vector<std::string> arguments;
  std::filesystem::path log;  // takes its stdout and stderr, after what is there
};

struct LocalEnd {
  std::size_t index = 0;
  int exit_code = 0;  // of a process that ended by itself
  int signal = 0;     // that ended it, or 0
  double seconds = 0;
};

/// Runs `program` once per job, `at_once` (≥ 1) processes at a time, in order. The processes die
/// with this one, however it ends. Once `stop` is true no job is started any more, those that run
/// get SIGTERM and are waited for. `ended` is called for each job that was started, `tick` several
/// times a second. Throws Error(bug) if the program cannot be started.
void run_local(const std::filesystem::path& program, const std::vector<LocalJob>& jobs, int at_once,
               const std::atomic<bool>& stop, const std::function<void(const LocalEnd&)>& ended,
               const std::function<void()>& tick);

/// The cores that this process may use.
int usable_cores();

}  // namespace rnnlab
