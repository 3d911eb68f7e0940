#include "exec/pool.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "allocations.hpp"
#include "exec/gradual_underflow.hpp"

using namespace rnnlab;

TEST_CASE("Pool: every item once, in any round", "[exec]") {
  const int threads = GENERATE(1, 2, 3, 8);
  Pool pool(threads);
  CHECK(pool.size() == threads);
  std::vector<int> done(1000);
  std::vector<std::uint8_t> by(1000);
  for (const int items : {0, 1, 2, 3, 7, 8, 9, 64, 1000}) {
    const int rounds = items > 100 ? 20 : 100;
    std::fill(done.begin(), done.end(), 0);
    int outside = 0;
    for (int round = 0; round < rounds; ++round) {
      pool.run(items, [&](int item, int thread) {
        ++done[static_cast<std::size_t>(item)];
        by[static_cast<std::size_t>(item)] = static_cast<std::uint8_t>(thread);
      });
      for (int i = 0; i < items; ++i) outside += by[static_cast<std::size_t>(i)] >= threads;
    }
    CAPTURE(threads, items);
    CHECK(outside == 0);
    CHECK(std::count(done.begin(), done.begin() + items, rounds) == items);
    CHECK(std::count(done.begin() + items, done.end(), 0) == 1000 - items);
  }
}

TEST_CASE("Pool: thousands of rounds see each other's writes", "[exec]") {
  const int threads = GENERATE(2, 3, 8);
  Pool pool(threads);
  constexpr int items = 5;
  const std::size_t rounds = threads > 3 ? 1000 : 3000;
  std::array<std::size_t, items> value{}, before{};
  for (std::size_t round = 1; round <= rounds; ++round) {
    // Each item reads what others wrote the round before.
    pool.run(items, [&](int item, int) {
      const auto i = static_cast<std::size_t>(item);
      value[i] = before[(i + round) % items] + 1;
    });
    before = value;
  }
  CHECK(std::count(value.begin(), value.end(), rounds) == items);
}

TEST_CASE("Pool: all threads take part where items wait for each other", "[exec]") {
  constexpr int threads = 3;
  Pool pool(threads);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> arrived{0};
    std::array<int, threads> by{};
    pool.run(threads, [&](int item, int thread) {
      by[static_cast<std::size_t>(item)] = thread;
      ++arrived;
      while (arrived < threads) std::this_thread::yield();
    });
    CHECK(std::set<int>(by.begin(), by.end()) == std::set<int>{0, 1, 2});
  }
}

TEST_CASE("Pool: run allocates nothing", "[exec]") {
  for (const int threads : {1, 2, 4}) {
    Pool pool(threads);
    std::atomic<int> done{0};
    const auto rounds = [&] {
      for (int round = 0; round < 200; ++round) pool.run(9, [&](int, int) { ++done; });
    };
    rounds();
    const std::size_t before = rnnlab_test_allocations();
    rounds();
    CHECK(rnnlab_test_allocations() == before);
    CHECK(done == 2 * 200 * 9);
  }
}

TEST_CASE("Pool: made and ended many times, used or not", "[exec]") {
  for (int i = 0; i < 100; ++i) {
    Pool pool(1 + i % 4);
    int sum = 0;
    if (i % 2 == 0) {
      std::array<int, 6> values{};
      pool.run(6, [&](int item, int) { values[static_cast<std::size_t>(item)] = item; });
      sum = std::accumulate(values.begin(), values.end(), 0);
    }
    CHECK(sum == (i % 2 == 0 ? 15 : 0));
  }
}

TEST_CASE("Pool: two pools at once", "[exec]") {
  Pool outer(2);
  std::array<int, 2> sums{};
  outer.run(2, [&](int item, int) {
    Pool inner(2);
    std::array<int, 20> values{};
    inner.run(20, [&](int i, int) { values[static_cast<std::size_t>(i)] = i; });
    sums[static_cast<std::size_t>(item)] = std::accumulate(values.begin(), values.end(), 0);
  });
  CHECK(sums == std::array{190, 190});
}

TEST_CASE("Pool: denormals are flushed in every thread, as results and as operands", "[exec]") {
  const test::GradualUnderflow before;
  CHECK_FALSE(denormals_are_flushed());
  constexpr int threads = 4;
  Pool pool(threads);
  std::array<int, threads> flushed{};
  std::atomic<int> arrived{0};
  pool.run(threads, [&](int, int thread) {
    ++arrived;
    while (arrived < threads) std::this_thread::yield();  // one item for each thread
    volatile float smallest = std::numeric_limits<float>::min(), half = 0.5f,
                   denormal = std::numeric_limits<float>::denorm_min(), large = 1e30f;
    const bool result = smallest * half == 0.0f, operand = denormal * large == 0.0f;
    flushed[static_cast<std::size_t>(thread)] = denormals_are_flushed() && result && operand;
  });
  CHECK(std::count(flushed.begin(), flushed.end(), 1) == threads);
}
