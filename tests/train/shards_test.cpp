#include "train/shards.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

TEST_CASE("shards: balanced, at most 16 wide, in order, and all of the batch", "[train][shards]") {
  for (int batch = 1; batch <= 200; ++batch) {
    const auto shards = cut_into_shards(batch);
    int next = 0, widest = 0, narrowest = batch;
    for (const Shard& shard : shards) {
      CHECK(shard.first == next);
      next += shard.width;
      widest = std::max(widest, shard.width);
      narrowest = std::min(narrowest, shard.width);
    }
    CAPTURE(batch);
    CHECK(next == batch);
    CHECK(widest <= 16);
    CHECK(narrowest >= 1);
    CHECK(widest - narrowest <= 1);
    CHECK(static_cast<int>(shards.size()) == (batch + 15) / 16);
  }
}

TEST_CASE("example_weights: the sum over an example's own positions", "[train][shards]") {
  Batch batch;
  batch.reset({.inputs = 1, .outputs = 1, .length = 3, .readout = Readout::every}, 2);
  batch.weight = {1, 0.5f, 2, 0, 0.25f, 0};
  double weight[2];
  example_weights(batch, weight);
  CHECK(weight[0] == 3.25);
  CHECK(weight[1] == 0.5);
  batch.reset({.inputs = 1, .outputs = 1, .length = 3, .readout = Readout::last}, 2);
  batch.weight = {4, 0};
  example_weights(batch, weight);
  CHECK(weight[0] == 4);
  CHECK(weight[1] == 0);
}
