#pragma once

#include <atomic>
#include <cstdint>
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
  /// Not started while another process holds the lock of this folder; empty: nothing to wait for.
  std::filesystem::path folder = {};
};

struct LocalLimits {
  int at_once = 1;                 // processes, ≥ 1
  double max_seconds = 0;          // of one process, then SIGTERM; 0: none
  double grace_seconds = 60;       // from there to SIGKILL
  std::int64_t max_memory_mb = 0;  // data of one process (RLIMIT_DATA); 0: none
  double patience = 60;            // seconds that a folder which is held is waited for, at the end
};

struct LocalEnd {
  std::size_t index = 0;
  int exit_code = 0;  // of a process that ended by itself
  int signal = 0;     // that ended it, or 0
  double seconds = 0;
  std::uintmax_t log_begin = 0;  // where in the log its output begins
  bool too_long = false;         // it was told to end because of max_seconds
  bool held = false;             // it was never started: another process holds its folder
};

/// Runs `program` once per job, in order, jobs whose folder is held after the others. The processes
/// die with this one, however it ends: they get SIGTERM. Once `stop` is true no job is started any
/// more, those that run get SIGTERM and are waited for. `ended` is called for each job that was
/// started or given up, and says whether to run it again, after the others; `tick` several times a
/// second, with the indices of the jobs that run. Throws Error: bug if the program cannot be
/// started, write for a log.
void run_local(const std::filesystem::path& program, const std::vector<LocalJob>& jobs,
               const LocalLimits&, const std::atomic<bool>& stop,
               const std::function<bool(const LocalEnd&)>& ended,
               const std::function<void(const std::vector<std::size_t>&)>& tick);

/// The cores that this process may use.
int usable_cores();

}  // namespace rnnlab
