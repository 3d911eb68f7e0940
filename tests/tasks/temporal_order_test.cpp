#include <catch2/catch.hpp>

#include "base/statistics.hpp"
#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Where A and B stand in example b, all else being c … f.
std::vector<int> places_of(const Batch& batch, std::size_t b) {
  const std::vector<int> x = symbols_of(batch, 6, b);
  std::vector<int> places;
  for (int t = 0; t < batch.length[b]; ++t) {
    const int symbol = x[static_cast<std::size_t>(t)];
    CHECK((symbol >= 0 && symbol < 6));
    if (symbol < 2) places.push_back(t);
  }
  for (int t = batch.length[b]; t < batch.T; ++t) CHECK(x[static_cast<std::size_t>(t)] == -1);
  return places;
}

}  // namespace

TEST_CASE("temporal-order@pascanu2013: A or B in [.1L, .2L) and in [.5L, .6L)",
          "[tasks][temporal-order]") {
  const auto task = configured("temporal-order@pascanu2013").make_task();
  const Facts facts = task->facts();
  CHECK(facts.inputs == 6);
  CHECK(facts.outputs == 4);
  CHECK(facts.length == 199);
  CHECK(facts.loss == LossKind::cross_entropy);
  CHECK(facts.readout == Readout::last);
  for (const Stream split : {Stream::train, Stream::test}) {
    const Batch batch = drawn(*task, split, 0, 500);
    for (std::size_t b = 0; b < 500; ++b) {
      const int L = batch.length[b];
      CHECK((L >= 50 && L <= 199));
      const std::vector<int> x = symbols_of(batch, 6, b), places = places_of(batch, b);
      REQUIRE(places.size() == 2);
      // As the published code has it: int(l * .1), int(l * .5).
      const int tenth = static_cast<int>(L * .1), half = static_cast<int>(L * .5);
      CHECK((places[0] >= tenth && places[0] < 2 * tenth));
      CHECK((places[1] >= half && places[1] < half + tenth));
      const int first = x[static_cast<std::size_t>(places[0])],
                second = x[static_cast<std::size_t>(places[1])];
      CHECK(batch.label[b] == first + 2 * second);
      CHECK(batch.weight[b] == 1);
    }
  }
}

TEST_CASE("temporal-order@pascanu2013: an example, written out", "[tasks][temporal-order]") {
  const auto task =
      configured("temporal-order@pascanu2013", {{"task.length", "20"}, {"task.min_length", "0"}})
          .make_task();
  const Batch batch = drawn(*task, Stream::train, 0, 1);
  // d e e A d c d e c d A f f d e f e f e d
  CHECK(symbols_of(batch, 6, 0) == std::vector<int>{3, 4, 4, 0, 3, 2, 3, 4, 2, 3,  //
                                                    0, 5, 5, 3, 4, 5, 4, 5, 4, 3});
  CHECK(batch.label[0] == 0);
}

TEST_CASE("temporal order: places, symbols and distractors are uniform",
          "[tasks][temporal-order]") {
  const auto task = configured("temporal-order", {{"task.length", "59"}}).make_task();
  std::vector<std::size_t> places(25), symbols(4), distractors(4);
  for (std::uint64_t first = 0; first < 20000; first += 1000) {
    const Batch batch = drawn(*task, Stream::train, first, 1000);
    for (std::size_t b = 0; b < 1000; ++b) {
      const std::vector<int> x = symbols_of(batch, 6, b), at = places_of(batch, b);
      REQUIRE(at.size() == 2);
      ++places.at(static_cast<std::size_t>(5 * (at[0] - 5) + at[1] - 29));
      ++symbols.at(static_cast<std::size_t>(2 * x[static_cast<std::size_t>(at[0])] +
                                            x[static_cast<std::size_t>(at[1])]));
      ++distractors.at(static_cast<std::size_t>(x[0] - 2));
    }
  }
  CHECK(std::abs(chi_square_z(places)) < 4);
  CHECK(std::abs(chi_square_z(symbols)) < 4);
  CHECK(std::abs(chi_square_z(distractors)) < 4);
}

TEST_CASE("temporal order: ten steps are the fewest", "[tasks][temporal-order]") {
  CHECK_THROWS_WITH(configured("temporal-order", {{"task.length", "9"}}).make_task(),
                    Catch::Contains("9 steps is too short (task.length); give at least 10"));
  const auto task = configured("temporal-order", {{"task.length", "10"}}).make_task();
  const Batch batch = drawn(*task, Stream::train, 0, 20);
  for (std::size_t b = 0; b < 20; ++b) CHECK(places_of(batch, b) == std::vector<int>{1, 5});
}
