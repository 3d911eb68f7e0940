#include "exec/tiles.hpp"

#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <utility>

using namespace rnnlab;

TEST_CASE("for_tiles: whole tiles but for the last, the same for any number of threads", "[exec]") {
  for (const int threads : {1, 2, 5}) {
    Pool pool(threads);
    for (const std::size_t n : {0u, 1u, 7u, 8u, 9u, 64u, 100u}) {
      std::mutex mutex;
      std::multiset<std::pair<std::size_t, std::size_t>> tiles, expected;
      for_tiles(pool, 8, n, [&](std::size_t begin, std::size_t end) {
        const std::scoped_lock lock(mutex);
        tiles.emplace(begin, end);
      });
      for (std::size_t begin = 0; begin < n; begin += 8) {
        expected.emplace(begin, std::min(n, begin + 8));
      }
      CAPTURE(threads, n);
      CHECK(tiles == expected);
    }
  }
}
