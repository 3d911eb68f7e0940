#include "study/stop.hpp"

#include <signal.h>

namespace rnnlab {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // so that a signal handler may set it

void request(int) { requested = true; }

}  // namespace

const std::atomic<bool>& stop_requested() { return requested; }

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = request;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGHUP}) {
    struct sigaction before {};
    const bool ignored = ::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (signal == SIGHUP && ignored) continue;  // by nohup
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace rnnlab
