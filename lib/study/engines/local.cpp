#include "study/engines/local.hpp"

#include <algorithm>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <chrono>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.hpp"
#include "study/setting.hpp"

namespace rnnlab {
namespace {

namespace bp = boost::process;
using Clock = std::chrono::steady_clock;

struct Running {
  std::size_t index;
  bp::child process;
  Clock::time_point since;
};

Running start(const std::filesystem::path& program, const LocalJob& job) {
  const pid_t parent = ::getpid();
  std::error_code error;
  std::FILE* log = std::fopen(job.log.c_str(), "ab");
  if (!log)
    throw Error(Exit::write, "cannot write the log", shown(job.log.string()),
                "check the folder, its permissions and the free space");
  bp::child process(program.string(), bp::args(job.arguments),
                    bp::std_in<bp::null, (bp::std_out & bp::std_err)> log, error,
                    bp::extend::on_exec_setup([parent](auto&) {
                      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
                      if (::getppid() != parent) ::_exit(static_cast<int>(Exit::interrupted));
                    }));
  std::fclose(log);
  if (error)
    throw Error(Exit::bug, "cannot start " + program.string(), error.message(),
                "check that the program is still there");
  return {job.index, std::move(process), Clock::now()};
}

LocalEnd end_of(const Running& running) {
  const int status = running.process.native_exit_code();
  LocalEnd end{.index = running.index};
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.exit_code = WEXITSTATUS(status);
  }
  end.seconds = std::chrono::duration<double>(Clock::now() - running.since).count();
  return end;
}

}  // namespace

void run_local(const std::filesystem::path& program, const std::vector<LocalJob>& jobs, int at_once,
               const std::atomic<bool>& stop, const std::function<void(const LocalEnd&)>& ended,
               const std::function<void()>& tick) {
  constexpr timespec nap{0, 20'000'000};
  std::vector<Running> running;
  std::size_t next = 0;
  bool told = false;
  while (!running.empty() || (next < jobs.size() && !stop)) {
    while (next < jobs.size() && !stop && running.size() < static_cast<std::size_t>(at_once))
      running.push_back(start(program, jobs[next++]));
    if (stop && !told) {
      for (const Running& r : running) ::kill(r.process.id(), SIGTERM);
      told = true;
    }
    ::nanosleep(&nap, nullptr);
    for (std::size_t i = 0; i < running.size();) {
      std::error_code error;
      if (running[i].process.running(error)) {
        ++i;
        continue;
      }
      ended(end_of(running[i]));
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
    tick();
  }
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

}  // namespace rnnlab
