#include "study/engines/local.hpp"

#include <algorithm>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/phases.hpp"
#include "study/folder_lock.hpp"
#include "study/setting.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

namespace bp = boost::process;
using Clock = std::chrono::steady_clock;

/// A process that runs, and a descriptor that can be waited for.
struct Running {
  LocalJob job;
  bp::child process;
  std::uintmax_t log_begin;
  Clock::time_point since = Clock::now();
  int descriptor = -1;  // none where the kernel has no pidfd
  bool too_long = false, killed = false;

  bool has_ended() {
    std::error_code error;
    return !process.running(error);
  }
};

Running start(const std::filesystem::path& program, const LocalJob& job, std::int64_t memory_mb) {
  const pid_t parent = ::getpid();
  make_folder(job.log.parent_path());
  std::FILE* log = std::fopen(job.log.c_str(), "ab");
  if (!log)
    throw Error(Exit::write, std::string("cannot write the log: ") + std::strerror(errno),
                shown(job.log.string()), "check the folder, its permissions and the free space");
  std::error_code error;
  const std::uintmax_t begin = std::filesystem::file_size(job.log, error);
  const rlimit memory{static_cast<rlim_t>(memory_mb) << 20, static_cast<rlim_t>(memory_mb) << 20};
  bp::child process(program.string(), bp::args(job.arguments),
                    bp::std_in<bp::null, (bp::std_out & bp::std_err)> log, error,
                    bp::extend::on_exec_setup([parent, memory](auto&) {
                      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
                      if (::getppid() != parent) ::_exit(static_cast<int>(Exit::interrupted));
                      if (memory.rlim_cur > 0) ::setrlimit(RLIMIT_DATA, &memory);
                    }));
  std::fclose(log);
  if (error)
    throw Error(Exit::bug, "cannot start " + program.string(), error.message(),
                "check that the program is still there");
  Running running{job, std::move(process), begin};
  // glibc 2.36 declares pidfd_open without C linkage.
  running.descriptor = static_cast<int>(::syscall(SYS_pidfd_open, running.process.id(), 0));
  return running;
}

LocalEnd end_of(const Running& running) {
  const int status = running.process.native_exit_code();
  LocalEnd end{.index = running.job.index,
               .seconds = seconds_since(running.since),
               .log_begin = running.log_begin,
               .too_long = running.too_long};
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.exit_code = WEXITSTATUS(status);
  }
  return end;
}

/// Until a process ends, a signal comes, or something else is due.
void wait_for_any(const std::vector<Running>& running) {
  std::vector<pollfd> events;
  for (const Running& r : running)
    if (r.descriptor >= 0) events.push_back({r.descriptor, POLLIN, 0});
  const bool all = events.size() == running.size();
  ::poll(events.data(), events.size(), all && !running.empty() ? 100 : 20);
}

class LocalRun {
 public:
  LocalRun(const std::filesystem::path& program, const std::vector<LocalJob>& jobs,
           const LocalLimits& limits, const std::function<bool(const LocalEnd&)>& ended)
      : program_(program), limits_(limits), ended_(ended), waiting_(jobs.begin(), jobs.end()) {}
  /// Where an error has ended it: no process is left behind.
  ~LocalRun() {
    tell_all(SIGTERM);
    for (Running& r : running_) {
      std::error_code error;
      r.process.wait(error);
      ::close(r.descriptor);
    }
  }
  LocalRun(const LocalRun&) = delete;
  LocalRun& operator=(const LocalRun&) = delete;

  std::vector<std::size_t> indices() const {
    std::vector<std::size_t> indices;
    for (const Running& r : running_) indices.push_back(r.job.index);
    return indices;
  }

  bool is_over(bool stop) const { return running_.empty() && (stop || waiting_.empty()); }

  void fill() {
    while (running_.size() < static_cast<std::size_t>(limits_.at_once)) {
      const auto free = std::find_if(waiting_.begin(), waiting_.end(), [](const LocalJob& job) {
        return job.folder.empty() || !is_held(job.folder);
      });
      if (free == waiting_.end()) break;
      running_.push_back(start(program_, *free, limits_.max_memory_mb));
      waiting_.erase(free);
    }
    if (!running_.empty() || waiting_.empty()) only_held_since_ = Clock::now();
    if (seconds_since(only_held_since_) <= limits_.patience) return;
    for (const LocalJob& job : waiting_) ended_({.index = job.index, .held = true});
    waiting_.clear();
  }

  void tell_all(int signal) {
    for (const Running& r : running_) ::kill(r.process.id(), signal);
  }

  void keep_limits() {
    if (limits_.max_seconds <= 0) return;
    for (Running& r : running_) {
      const double over = seconds_since(r.since) - limits_.max_seconds;
      if (over > 0 && !r.too_long) {
        r.too_long = true;
        ::kill(r.process.id(), SIGTERM);
      }
      if (over > limits_.grace_seconds && !r.killed) {
        r.killed = true;
        ::kill(r.process.id(), SIGKILL);
      }
    }
  }

  void wait() { wait_for_any(running_); }

  void reap() {
    for (std::size_t i = 0; i < running_.size();) {
      if (!running_[i].has_ended()) {
        ++i;
        continue;
      }
      const LocalEnd end = end_of(running_[i]);
      ::close(running_[i].descriptor);
      LocalJob job = std::move(running_[i].job);
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      if (ended_(end)) waiting_.push_back(std::move(job));
    }
  }

 private:
  const std::filesystem::path& program_;
  const LocalLimits& limits_;
  const std::function<bool(const LocalEnd&)>& ended_;
  std::deque<LocalJob> waiting_;
  std::vector<Running> running_;
  Clock::time_point only_held_since_ = Clock::now();
};

}  // namespace

void run_local(const std::filesystem::path& program, const std::vector<LocalJob>& jobs,
               const LocalLimits& limits, const std::atomic<bool>& stop,
               const std::function<bool(const LocalEnd&)>& ended,
               const std::function<void(const std::vector<std::size_t>&)>& tick) {
  LocalRun run(program, jobs, limits, ended);
  for (bool told = false; !run.is_over(stop);) {
    if (!stop) run.fill();
    if (stop && !told) {
      run.tell_all(SIGTERM);
      told = true;
    }
    run.keep_limits();
    run.wait();
    run.reap();
    tick(run.indices());
  }
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

}  // namespace rnnlab
