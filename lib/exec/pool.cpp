#include "exec/pool.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rnnlab {
namespace {

#if defined(__SSE2__)
constexpr unsigned flush_bits = 0x8040;  // MXCSR: flush to zero, denormals are zero
#endif

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
      Waiter waiter;
      std::uint32_t seen = 0;
      for (;;) {
        waiter.wait(round_, [&](std::uint32_t round) { return round != seen; });
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
  waiter_.wait(busy_, [](int left) { return left == 0; });
}

}  // namespace rnnlab
