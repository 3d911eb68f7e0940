#include "fma_peak.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <sched.h>
#include <thread>
#include <vector>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rnnlab::bench {
namespace {

#if defined(__AVX512F__)
using Register = __m512;
constexpr const char* instruction_set = "AVX-512";
Register broadcast(float v) { return _mm512_set1_ps(v); }
Register multiply_add(Register a, Register x, Register y) { return _mm512_fmadd_ps(a, x, y); }
#elif defined(__FMA__)
using Register = __m256;
constexpr const char* instruction_set = "AVX2 with FMA";
Register broadcast(float v) { return _mm256_set1_ps(v); }
Register multiply_add(Register a, Register x, Register y) { return _mm256_fmadd_ps(a, x, y); }
#else
using Register = float __attribute__((vector_size(16)));
constexpr const char* instruction_set = "128 bits, a product and a sum";
Register broadcast(float v) { return Register{v, v, v, v}; }
Register multiply_add(Register a, Register x, Register y) { return a * x + y; }
#endif

// Two units of latency 4 need 8 chains in flight; 12 leave room and still fit AVX2's 16 registers.
constexpr int chains = 12;
constexpr double flop_per_round = 2.0 * chains * sizeof(Register) / sizeof(float);

void spin(std::int64_t rounds) {
  Register a[chains];
  for (int i = 0; i < chains; ++i) a[i] = broadcast(1.0f + 0.001f * static_cast<float>(i));
  const volatile float factor = 0.999999f, summand = 1e-6f;  // not known to the compiler
  const Register x = broadcast(factor), y = broadcast(summand);
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) a[i] = multiply_add(a[i], x, y);
  }
  for (Register& chain : a) asm volatile("" : : "m"(chain));
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Keeps the calling thread on one of the processors that it may use, for as long as it lives: two
/// threads that have just been born are otherwise often found on the same one.
class Pinned {
 public:
  explicit Pinned(int number) {
    known_ = sched_getaffinity(0, sizeof all_, &all_) == 0;
    const int count = known_ ? CPU_COUNT(&all_) : 0;
    for (int cpu = 0, seen = 0; count > 0 && cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &all_) || seen++ != number % count) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      sched_setaffinity(0, sizeof one, &one);
    }
  }
  ~Pinned() {
    if (known_) sched_setaffinity(0, sizeof all_, &all_);
  }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  cpu_set_t all_;
  bool known_;
};

/// Seconds from the moment when all threads are ready to the moment when all are done.
double seconds(int threads, std::int64_t rounds) {
  double begin = 0, end = 0;
  std::barrier ready(threads, [&]() noexcept { begin = now(); });
  std::barrier done(threads, [&]() noexcept { end = now(); });
  const auto work = [&](int number) {
    const Pinned pinned(number);
    ready.arrive_and_wait();
    spin(rounds);
    done.arrive_and_wait();
  };
  std::vector<std::jthread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work, i);
  work(0);
  return end - begin;
}

}  // namespace

double fma_peak(int threads) {
  constexpr int tries = 7;
  constexpr std::int64_t warm_up = 1'000'000;
  const double round = seconds(threads, warm_up) / warm_up;
  const auto rounds = static_cast<std::int64_t>(0.02 / round);
  std::vector<double> rates;
  for (int i = 0; i < tries; ++i) {
    rates.push_back(flop_per_round * threads * static_cast<double>(rounds) /
                    seconds(threads, rounds));
  }
  std::nth_element(rates.begin(), rates.begin() + tries / 2, rates.end());
  return rates[tries / 2];
}

const char* fma_instruction_set() { return instruction_set; }

}  // namespace rnnlab::bench
