#include "exec/pool.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rnnlab {
namespace {

#if defined(__SSE2__)
constexpr unsigned flush_bits = 0x8040;  // MXCSR: flush to zero, denormals are zero
#endif

// Steps of small nets are shorter than a futex round trip: spin for about that long first.
constexpr int spins = 2000;

template <class Value>
void wait_while(const std::atomic<Value>& atomic, Value value) {
  for (int i = 0; i < spins; ++i) {
    if (atomic.load(std::memory_order_acquire) != value) return;
#if defined(__SSE2__)
    _mm_pause();
#endif
  }
  atomic.wait(value, std::memory_order_acquire);
}

}  // namespace

void flush_denormals() {
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() | flush_bits);
#endif
}

bool denormals_are_flushed() {
#if defined(__SSE2__)
  return (_mm_getcsr() & flush_bits) == flush_bits;
#else
  return false;
#endif
}

Pool::Pool(int threads) {
  flush_denormals();
  for (int thread = 1; thread < threads; ++thread) {
    workers_.emplace_back([this, thread] {
      flush_denormals();
      std::uint32_t seen = 0;
      for (;;) {
        wait_while(round_, seen);
        ++seen;
        if (ending_) return;
        work(thread);
        if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
      }
    });
  }
}

Pool::~Pool() {
  ending_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

void Pool::work(int thread) {
  for (int item; (item = next_.fetch_add(1, std::memory_order_relaxed)) < items_;) {
    call_(context_, item, thread);
  }
}

void Pool::start(int items) {
  items_ = items;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  work(0);
  for (int left; (left = busy_.load(std::memory_order_acquire)) != 0;) wait_while(busy_, left);
}

}  // namespace rnnlab
