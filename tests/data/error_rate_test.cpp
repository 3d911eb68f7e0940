#include "data/error_rate.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

namespace {

using Symbols = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("error rate: edits over all symbols, whatever the order of decoding",
          "[data][error-rate]") {
  // Two shards of targets 1 2 3 | 4 and 5 5: labels step by step, an end (0) behind each.
  Batch first, second;
  const Facts facts{.inputs = 1,
                    .outputs = 6,
                    .length = 1,
                    .target_length = 4,
                    .loss = LossKind::cross_entropy,
                    .readout = Readout::sequence};
  first.reset(facts, 2);
  first.target_steps = {4, 2};
  first.label = {1, 4, 2, 0, 3, 0, 0, 0};
  second.reset(facts, 1);
  second.target_steps = {3};
  second.label = {5, 5, 0, 0};
  const auto scorer = error_rate_scorer();
  const std::vector<std::uint64_t> ids{10, 11}, other{7};
  scorer->add(first, ids, {});
  scorer->add(second, other, {});
  scorer->add_decoded(7, Symbols{5});            // one left out
  scorer->add_decoded(10, Symbols{1, 2, 3});     // right
  scorer->add_decoded(11, Symbols{4, 4, 1, 2});  // three too many
  CHECK(scorer->values() == std::vector<double>{4.0 / 6, 1.0 / 3});
  const auto metrics = error_rate_metrics("label_error_rate", "edits");
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[0].name == "label_error_rate");
}
