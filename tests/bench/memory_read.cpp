#include "memory_read.hpp"

#include <benchmark/benchmark.h>
#include <chrono>
#include <string>

#include "base/arena.hpp"
#include "math/lanes.hpp"

namespace rnnlab::bench {
namespace {

/// Sums `count` floats, a multiple of 128, in eight groups of lanes.
void read(const float* p, std::size_t count) {
  Lane<float> sum[8];
  for (Lane<float>& s : sum) s.setZero();
  for (std::size_t i = 0; i < count; i += 128) {
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) sum[k] += load(p + i + 16 * k);
  }
  for (Lane<float>& s : sum) benchmark::DoNotOptimize(s);
}

void memory_read(benchmark::State& state, std::size_t kib) {
  const Slab<float> memory(kib * 1024 / sizeof(float));
  std::int64_t bytes = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (auto _ : state) {
    read(memory.data(), memory.size());
    benchmark::ClobberMemory();
    bytes += static_cast<std::int64_t>(kib) * 1024;
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  state.counters["bytes/s"] = static_cast<double>(bytes) / taken.count();
}

}  // namespace

void register_memory_read() {
  for (const std::size_t kib : {24, 512, 8192, 262144}) {
    benchmark::RegisterBenchmark(("memory_read/KiB:" + std::to_string(kib) + "/threads:1").c_str(),
                                 [kib](benchmark::State& state) { memory_read(state, kib); });
  }
}

}  // namespace rnnlab::bench
