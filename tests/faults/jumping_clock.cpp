// Clocks that jump by a day, forwards and backwards, now and then. Laid over a
// program by LD_PRELOAD.

#include <atomic>
#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

std::atomic<unsigned long> reads{0};

/// Seconds by which the clocks are wrong now: a run of seconds reads them some thousand times.
long jump() {
  constexpr long day = 86400;
  constexpr long wrong[] = {0, day, 0, -day, day, -day, 0};
  return wrong[reads++ / 601 % (sizeof wrong / sizeof *wrong)];
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long result = ::syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC)) now->tv_sec += jump();
  return static_cast<int>(result);
}

int gettimeofday(timeval* now, void*) noexcept {
  const long result = ::syscall(SYS_gettimeofday, now, nullptr);
  if (result == 0) now->tv_sec += jump();
  return static_cast<int>(result);
}

time_t time(time_t* now) noexcept {
  timeval value{};
  gettimeofday(&value, nullptr);
  if (now) *now = value.tv_sec;
  return value.tv_sec;
}

}  // extern "C"
