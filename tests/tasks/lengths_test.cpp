#include "lengths.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/statistics.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("lengths: every length of a split's range is as likely, others never come",
          "[tasks][lengths]") {
  const Lengths lengths({.length = 9, .min_length = 4, .test_length = 30, .test_min_length = 11},
                        1);
  CHECK(lengths.longest() == 30);
  CHECK(lengths.longest(Stream::train) == 9);
  CHECK(lengths.longest(Stream::valid) == 30);
  CHECK(lengths.longest(Stream::test) == 30);
  std::vector<std::size_t> train(6), valid(20), test(20);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto draw = [&](Stream split) {
      Rng rng({1, split}, i);
      return static_cast<std::size_t>(lengths.draw(split, rng));
    };
    ++train.at(draw(Stream::train) - 4);
    ++valid.at(draw(Stream::valid) - 11);
    ++test.at(draw(Stream::test) - 11);
  }
  CHECK(std::abs(chi_square_z(train)) < 4);
  CHECK(std::abs(chi_square_z(valid)) < 4);
  CHECK(std::abs(chi_square_z(test)) < 4);
}

TEST_CASE("lengths: where there is nothing to choose, no number is taken", "[tasks][lengths]") {
  const Lengths lengths({.length = 9}, 1);
  Rng rng({1, Stream::train}, 0), untouched = rng;
  for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
    CHECK(lengths.longest(split) == 9);
    CHECK(lengths.draw(split, rng) == 9);
  }
  CHECK(rng.word() == untouched.word());
}

TEST_CASE("lengths: the test may be shorter than the training", "[tasks][lengths]") {
  const Lengths lengths({.length = 9, .min_length = 2, .test_length = 5}, 1);
  CHECK(lengths.longest() == 9);
  CHECK(lengths.longest(Stream::test) == 5);
  Rng rng({1, Stream::test}, 0);
  for (int i = 0; i < 20; ++i) CHECK(lengths.draw(Stream::test, rng) == 5);
}

TEST_CASE("lengths: what does not fit together is the user's mistake", "[tasks][lengths]") {
  CHECK_THROWS_WITH(
      Lengths({.length = 9, .min_length = 10}, 1),
      Contains("task.min_length = 10 is above task.length = 9 (task.min_length); give at most 9"));
  CHECK_THROWS_WITH(Lengths({.length = 9, .test_length = 5, .test_min_length = 6}, 1),
                    Contains("task.test_min_length = 6 is above task.test_length = 5"));
  CHECK_THROWS_WITH(Lengths({.length = 9, .test_min_length = 6}, 1),
                    Contains("(task.test_min_length); give task.test_length too"));
  CHECK_THROWS_WITH(Lengths({.length = 9}, 10),
                    Contains("9 steps is too short (task.length); give at least 10"));
  CHECK_THROWS_WITH(Lengths({.length = 90, .min_length = 3}, 10),
                    Contains("3 steps is too short (task.min_length); give at least 10"));
  CHECK_THROWS_WITH(Lengths({.length = 90, .test_length = 4}, 10),
                    Contains("4 steps is too short (task.test_length)"));
  try {
    Lengths({.length = 9, .min_length = 10}, 1);
  } catch (const Error& e) {
    CHECK(e.code() == Exit::usage);
  }
}
