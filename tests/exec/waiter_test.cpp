#include "exec/waiter.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <thread>

using namespace rnnlab;

TEST_CASE("Waiter: returns once the value is reached, while it spins and after", "[exec]") {
  // Turns are passed back and forth; whoever has it keeps it for so long.
  const auto keeps =
      GENERATE(std::chrono::microseconds{0}, Waiter::longest_spin / 2, 2 * Waiter::longest_spin);
  constexpr std::uint32_t turns = 200;  // more than the waits that sleep at once, twice over
  std::atomic<std::uint32_t> turn{0};
  const auto play = [&](std::uint32_t first) {
    Waiter waiter;
    for (std::uint32_t mine = first; mine < turns; mine += 2) {
      waiter.wait(turn, [&](std::uint32_t value) { return value >= mine; });
      std::this_thread::sleep_for(keeps);
      turn.fetch_add(1, std::memory_order_release);
      turn.notify_all();
    }
  };
  std::jthread other([&] { play(1); });
  play(0);
  other.join();
  CHECK(turn == turns);
}

TEST_CASE("Waiter: values on the way do not end a wait", "[exec]") {
  for (const auto pause : {std::chrono::microseconds{0}, 2 * Waiter::longest_spin}) {
    std::atomic<int> left{5};
    std::jthread other([&] {
      for (int i = 0; i < 5; ++i) {
        std::this_thread::sleep_for(pause);
        left.fetch_sub(1, std::memory_order_release);
        left.notify_all();
      }
    });
    Waiter waiter;
    waiter.wait(left, [](int value) { return value == 0; });
    CHECK(left == 0);
  }
}
