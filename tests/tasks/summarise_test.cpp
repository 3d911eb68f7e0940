#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "assign_all.hpp"
#include "base/error.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Words = std::vector<std::string>;

struct Pair {
  Words document, summary;
};

std::vector<Pair> pairs(const Task& task, Stream split, std::size_t count) {
  const Batch batch = drawn(task, split, 0, count);
  std::vector<Pair> all(count);
  for (std::size_t b = 0; b < count; ++b) {
    for (int t = 0; t < batch.length[b]; ++t)
      all[b].document.push_back(task.source_symbols()[static_cast<std::size_t>(
          batch.symbol[static_cast<std::size_t>(t) * count + b])]);
    for (int t = 0; t < batch.target_steps[b]; ++t)
      all[b].summary.push_back(task.symbols()[static_cast<std::size_t>(
          batch.label[static_cast<std::size_t>(t) * count + b])]);
  }
  return all;
}

}  // namespace

TEST_CASE("summarise: a made summary is the keyed words", "[tasks][summarise]") {
  const auto task = task_of("summarise", {{"length", "9"}, {"min_length", "5"}, {"keyed", "3"}});
  std::map<std::size_t, int> places, lengths, counts;
  for (const auto& [document, summary] : pairs(*task, Stream::train, 2000)) {
    Words expected;
    std::size_t words = 0;
    for (std::size_t t = 0; t < document.size(); ++t) {
      if (document[t] != "*") {
        ++words;
        continue;
      }
      expected.push_back(document.at(t + 1));
      if (document.size() == 11) ++places[words];  // nine words, two keys
    }
    ++counts[expected.size()];
    expected.emplace_back("<end>");
    CHECK(summary == expected);
    ++lengths[words];
  }
  CHECK(lengths.size() == 5);
  CHECK(counts.size() == 2);  // 2 or 3
  CHECK(counts[2] == Approx(1000).margin(120));
  CHECK(places.size() == 9);
  for (const auto& [place, count] : places) CHECK(count > 15);
}

TEST_CASE("summarise: chance is what the best predictor without a document pays",
          "[tasks][summarise]") {
  const auto task = task_of("summarise", {{"keyed", "4"}, {"alphabet", "10"}});
  double nats = 0, steps = 0;
  for (const auto& [document, summary] : pairs(*task, Stream::train, 3000)) {
    // After two or three words the end is to be expected with 1/3 or 1/2, else it is certain.
    const std::size_t k = summary.size() - 1;
    nats += static_cast<double>(k) * std::log(10) - (k == 2   ? std::log(1.0 / 3)
                                                     : k == 3 ? std::log(2.0 / 3 * 1 / 2)
                                                              : std::log(2.0 / 3 * 1 / 2));
    steps += static_cast<double>(k + 1);
  }
  CHECK(task->facts().chance_loss == Approx(nats / steps).epsilon(0.01));
}

TEST_CASE("summarise: documents that cannot be are refused", "[tasks][summarise]") {
  CHECK_THROWS_WITH(task_of("summarise", {{"length", "3"}, {"keyed", "4"}}),
                    Contains("task.keyed"));
}

TEST_CASE("summarise: ROUGE of what is decoded, and of the document's beginning",
          "[tasks][summarise]") {
  const Scratch scratch;
  const auto write = [&](const std::string& name, const std::string& rows) {
    write_file(scratch.path(name), rows);
  };
  write("train.tsv", "A b c d e f.\tA b c.\nc d e f a b\tc d e\n");
  write("valid.tsv", "a b c d\ta b c d\n");
  write("test.tsv", "a b c d e f\tb c\na b c d e f\ta b c\n");
  const auto task = task_of("summarise", {{"path", scratch.path("")}, {"min_count", "1"}});
  CHECK(task->examples(Stream::test) == 2);
  // The mean training summary has (4 + 3) / 2 symbols: lead-4, a b c d.
  const auto baselines = task->baselines();
  REQUIRE(baselines.size() == 3);
  CHECK(baselines[0].name == "rouge_1 of lead-4");
  CHECK(baselines[0].value == Approx((2 * 2.0 / 6 + 2 * 3.0 / 7) / 2));
  CHECK(baselines[1].value == Approx((2 * 1.0 / 4 + 2 * 2.0 / 5) / 2));
  CHECK(baselines[2].value == Approx(baselines[0].value));

  const auto scorer = task->scorer(Stream::test);
  const Batch batch = drawn(*task, Stream::test, 0, 2);
  scorer->add(batch, std::vector<std::uint64_t>{0, 1}, {});
  const auto symbols = task->symbols();
  const auto symbol = [&](const char* word) {
    return static_cast<std::int32_t>(std::find(symbols.begin(), symbols.end(), word) -
                                     symbols.begin());
  };
  scorer->add_decoded(0, std::vector<std::int32_t>{symbol("b"), symbol("c")});
  scorer->add_decoded(1, std::vector<std::int32_t>{symbol("c"), symbol("a")});
  const std::vector<double> scores = scorer->values();
  REQUIRE(scores.size() == task->test_metrics().size());
  CHECK(scores[0] == Approx((1 + 2 * 2.0 / 5) / 2));
  CHECK(scores[1] == Approx((1 + 0.0) / 2));
  CHECK(scores[2] == Approx((1 + 2 * 1.0 / 5) / 2));
}
