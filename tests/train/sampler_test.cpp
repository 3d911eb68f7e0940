#include "train/sampler.hpp"

#include <algorithm>
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

TEST_CASE("sampler: batches of like lengths, and every example once an epoch", "[train][sampler]") {
  struct Set {
    std::uint64_t examples;
    int batch;
  };
  const auto [examples, batch] = GENERATE(Set{7, 3}, Set{1000, 16}, Set{4001, 32}, Set{64, 64});
  CAPTURE(examples, batch);
  std::vector<std::int32_t> lengths;
  for (std::uint64_t i = 0; i < examples; ++i)
    lengths.push_back(static_cast<std::int32_t>(Rng({5, Stream::test}, i).below(100)) + 1);
  Sampler sampler(3, examples, batch, lengths);
  const Sampler plain(3, examples, batch);
  std::vector<std::uint64_t> all;
  double padded = 0, padded_plainly = 0;
  const auto padding = [&](const std::vector<std::uint64_t>& ids) {
    std::int32_t longest = 0;
    double sum = 0;
    for (const std::uint64_t id : ids) {
      longest = std::max(longest, lengths[id]);
      sum += lengths[id];
    }
    return longest * static_cast<double>(ids.size()) - sum;
  };
  for (std::int64_t step = 0; all.size() < 4 * examples; ++step) {
    sampler.prepare(step);
    const auto ids = batch_of(sampler, step, batch);
    padded += padding(ids);
    padded_plainly += padding(batch_of(plain, step, batch));
    all.insert(all.end(), ids.begin(), ids.end());
  }
  std::set<std::vector<std::uint64_t>> orders;
  for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(epoch * examples);
    const std::vector<std::uint64_t> order(begin, begin + static_cast<std::ptrdiff_t>(examples));
    CHECK(std::set<std::uint64_t>(order.begin(), order.end()).size() == examples);
    orders.insert(order);
  }
  if (examples >= 1000) {
    CHECK(orders.size() == 4);
    CHECK(padded < 0.06 * padded_plainly);
  }

  // A function of the step alone: the same, asked for in any order.
  const auto last = static_cast<std::int64_t>(3 * examples / static_cast<std::uint64_t>(batch));
  for (const std::int64_t step : {last, std::int64_t{0}, last / 2}) {
    Sampler again(3, examples, batch, lengths);
    again.prepare(step);
    const auto first = all.begin() + step * batch;
    CHECK(batch_of(again, step, batch) == std::vector<std::uint64_t>(first, first + batch));
  }
}

TEST_CASE("sampler: batches of like lengths do not come by length", "[train][sampler]") {
  std::vector<std::int32_t> lengths;
  for (std::int32_t i = 0; i < 3200; ++i) lengths.push_back(i + 1);
  Sampler sampler(0, 3200, 32, lengths);
  std::vector<std::int32_t> of_batch;
  for (std::int64_t step = 0; step < 50; ++step) {
    sampler.prepare(step);
    of_batch.push_back(lengths[batch_of(sampler, step, 32).front()]);
  }
  CHECK_FALSE(std::is_sorted(of_batch.begin(), of_batch.end()));
}
