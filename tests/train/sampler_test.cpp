#include "train/sampler.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

using namespace rnnlab;

namespace {

std::vector<std::uint64_t> batch_of(const Sampler& sampler, std::int64_t step, int batch) {
  std::vector<std::uint64_t> ids(static_cast<std::size_t>(batch));
  sampler.examples(step, 0, ids);
  return ids;
}

}  // namespace

TEST_CASE("sampler: every epoch of a fixed set sees each example once, in an order of its own",
          "[train][sampler]") {
  for (const std::uint64_t examples : {1u, 2u, 7u, 64u, 65u, 1000u}) {
    for (const int batch : {1, 3, 16}) {
      CAPTURE(examples, batch);
      const Sampler sampler(3, examples, batch);
      std::vector<std::uint64_t> all;
      for (std::int64_t step = 0; all.size() < 4 * examples; ++step) {
        const auto ids = batch_of(sampler, step, batch);
        all.insert(all.end(), ids.begin(), ids.end());
      }
      std::set<std::vector<std::uint64_t>> orders;
      for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(epoch * examples);
        const std::vector<std::uint64_t> order(begin,
                                               begin + static_cast<std::ptrdiff_t>(examples));
        const std::set<std::uint64_t> seen(order.begin(), order.end());
        CHECK(seen.size() == examples);
        CHECK(*seen.rbegin() == examples - 1);
        orders.insert(order);
      }
      if (examples >= 64) CHECK(orders.size() == 4);
    }
  }
}

TEST_CASE("sampler: a batch is the same however it is asked for", "[train][sampler]") {
  for (const std::uint64_t examples : {0u, 100u}) {
    const Sampler sampler(4, examples, 40);
    for (const std::int64_t step : {0, 1, 77}) {
      const auto whole = batch_of(sampler, step, 40);
      std::vector<std::uint64_t> pieces(40);
      sampler.examples(step, 27, std::span(pieces).subspan(27));
      sampler.examples(step, 0, std::span(pieces).first(27));
      CHECK(pieces == whole);
      CHECK(batch_of(sampler, step, 40) == whole);
    }
  }
}

TEST_CASE("sampler: without a fixed set every place of every seed is an example of its own",
          "[train][sampler]") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Sampler sampler(seed, 0, 20);
    for (std::int64_t step = 0; step < 250; ++step) {
      const auto ids = batch_of(sampler, step, 20);
      seen.insert(ids.begin(), ids.end());
    }
  }
  CHECK(seen.size() == 4 * 250 * 20);
}

TEST_CASE("sampler: seeds differ on a fixed set", "[train][sampler]") {
  CHECK(batch_of(Sampler(0, 1000, 32), 0, 32) != batch_of(Sampler(1, 1000, 32), 0, 32));
}
