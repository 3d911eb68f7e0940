#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rnnlab {

/// How one thread waits for others: it spins for up to `longest_spin`, then sleeps. Most waits
/// inside a training step are shorter, and a sleep and its end cost more than such a wait.
///
/// Where threads outnumber processors, who spins holds up the very thread that is waited for. So
/// when spins end in vain twice or more on end, the next waits sleep at once: 2, 6, 14, … 62 of
/// them, until a spin is of use again.
class Waiter {
 public:
  static constexpr std::chrono::microseconds longest_spin{200};

  /// Returns once reached(value of the atomic); who sets such a value must notify.
  template <class Value, class Reached>
  void wait(const std::atomic<Value>& atomic, Reached&& reached) {
    if (sleeps_ > 0) {
      --sleeps_;
    } else if (spin(atomic, reached)) {
      in_vain_ = 0;
      return;
    } else {
      in_vain_ = std::min(in_vain_ + 1, 6);
      sleeps_ = (1 << in_vain_) - 2;
    }
    for (Value v; !reached(v = atomic.load(std::memory_order_acquire));) {
      atomic.wait(v, std::memory_order_acquire);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  template <class Value, class Reached>
  static bool spin(const std::atomic<Value>& atomic, Reached&& reached) {
    constexpr int looks = 16;  // at the atomic, for one at the clock
    const Clock::time_point begun = Clock::now();
    do {
      for (int i = 0; i < looks; ++i) {
        if (reached(atomic.load(std::memory_order_acquire))) return true;
#if defined(__SSE2__)
        _mm_pause();
#endif
      }
    } while (Clock::now() - begun < longest_spin);
    return false;
  }

  int in_vain_ = 0;  // spins on end
  int sleeps_ = 0;   // waits to come that do not spin
};

}  // namespace rnnlab
