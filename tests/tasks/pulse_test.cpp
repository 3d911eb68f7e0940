#include <catch2/catch.hpp>

#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("pulse: a one at every p-th step of the period that was given once", "[tasks][pulse]") {
  const auto task = configured("pulse", {{"task.length", "13"}, {"task.periods", "4"}}).make_task();
  REQUIRE(task->facts().once);
  std::vector<std::uint64_t> ids(200);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  Batch batch;
  task->draw({3, Stream::train}, ids, batch);
  REQUIRE(batch.x.size() == 4 * ids.size());
  std::vector<int> seen(4);
  for (std::size_t b = 0; b < ids.size(); ++b) {
    const auto x = batch.x.begin() + static_cast<std::ptrdiff_t>(4 * b);
    CHECK(std::count(x, x + 4, 1.0f) == 1);
    const auto chosen = std::find(x, x + 4, 1.0f) - x;
    ++seen[static_cast<std::size_t>(chosen)];
    for (int t = 1; t <= 13; ++t)
      CHECK(batch.label[static_cast<std::size_t>(t - 1) * ids.size() + b] ==
            (t % (chosen + 2) == 0));
  }
  for (const int count : seen) CHECK(count > 25);
}

TEST_CASE("pulse: chance is the entropy that the step alone leaves", "[tasks][pulse]") {
  // Two periods, 2 and 3: at steps 2, 3, 4 one of them pulses, at 6 both, at 1 and 5 none.
  const auto task = configured("pulse", {{"task.length", "6"}, {"task.periods", "2"}}).make_task();
  CHECK(task->facts().chance_loss == Approx(3 * std::log(2.0) / 6));
}
