#include "decode/beam.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "table_decoder.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

std::vector<double> log_softmax(const std::vector<float>& y) {
  double sum = 0;
  for (const float value : y) sum += std::exp(static_cast<double>(value));
  std::vector<double> result;
  for (const float value : y) result.push_back(static_cast<double>(value) - std::log(sum));
  return result;
}

/// Symbol after symbol, the likeliest one.
Hypothesis greedy(const TableDecoder& decoder, const Batch& source, int steps, double alpha) {
  Hypothesis found;
  int taken = 0;
  while (!found.ended && taken < steps) {
    const std::vector<float> y = decoder.logits(source, found.symbols);
    const auto best = std::max_element(y.begin(), y.end()) - y.begin();
    found.log_probability += log_softmax(y)[static_cast<std::size_t>(best)];
    ++taken;
    if (best == end_symbol) {
      found.ended = true;
    } else {
      found.symbols.push_back(static_cast<std::int32_t>(best));
    }
  }
  found.score = found.log_probability / std::pow((5.0 + taken) / 6.0, alpha);
  return found;
}

/// Every target there is.
void enumerate(const TableDecoder& decoder, const Batch& source, int steps, double alpha,
               const Hypothesis& so_far, std::vector<Hypothesis>& all) {
  const std::vector<double> p = log_softmax(decoder.logits(source, so_far.symbols));
  const int taken = static_cast<int>(so_far.symbols.size()) + 1;
  for (std::size_t s = 0; s < p.size(); ++s) {
    Hypothesis next = so_far;
    next.log_probability += p[s];
    next.score = next.log_probability / std::pow((5.0 + taken) / 6.0, alpha);
    next.ended = s == end_symbol;
    if (!next.ended) next.symbols.push_back(static_cast<std::int32_t>(s));
    if (next.ended || taken == steps) {
      all.push_back(next);
    } else {
      enumerate(decoder, source, steps, alpha, next, all);
    }
  }
}

std::vector<Hypothesis> exhaustive(const TableDecoder& decoder, const Batch& source, int steps,
                                   double alpha) {
  std::vector<Hypothesis> all;
  enumerate(decoder, source, steps, alpha, {}, all);
  std::stable_sort(all.begin(), all.end(),
                   [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; });
  return all;
}

void check_equal(const Hypothesis& ours, const Hypothesis& right) {
  CHECK(ours.symbols == right.symbols);
  CHECK(ours.ended == right.ended);
  CHECK(ours.log_probability == Approx(right.log_probability).epsilon(1e-12).margin(1e-12));
  CHECK(ours.score == Approx(right.score).epsilon(1e-12).margin(1e-12));
}

}  // namespace

TEST_CASE("length penalty: ((5 + steps) / 6)^alpha", "[decode][beam]") {
  CHECK(length_penalty(1, 0.6) == 1);
  CHECK(length_penalty(7, 1) == 2);
  CHECK(length_penalty(19, 2) == Approx(16).epsilon(1e-15));
  CHECK(length_penalty(1000, 0) == 1);
}

TEST_CASE("beam: one hypothesis is the greedy target", "[decode][beam]") {
  const double alpha = GENERATE(0.0, 0.6, 3.0);
  const int levels = GENERATE(3, 1 << 20);  // 3: many ties, the smaller symbol wins
  bool ended = false, cut = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const TableDecoder decoder(seed, 5, 7, levels);
    const Batch source = source_of(3);
    BeamSearch search(decoder, nullptr, {.beam = 1, .length_penalty = alpha});
    const std::vector<Hypothesis> found = search(source, 7);
    REQUIRE(found.size() == 1);
    CAPTURE(seed, alpha, levels);
    check_equal(found[0], greedy(decoder, source, 7, alpha));
    (found[0].ended ? ended : cut) = true;
  }
  CHECK(ended);
  CHECK(cut);
}

TEST_CASE("beam: wide enough, it finds all targets in their order", "[decode][beam]") {
  const double alpha = GENERATE(0.0, 0.6, 1.0, 4.0);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const TableDecoder decoder(seed, 4, 4);
    const Batch source = source_of(2);
    const std::vector<Hypothesis> right = exhaustive(decoder, source, 4, alpha);
    REQUIRE(right.size() == 1 + 3 + 9 + 27 + 81);
    for (const int beam : {121, 300}) {
      BeamSearch search(decoder, nullptr, {.beam = beam, .length_penalty = alpha});
      const std::vector<Hypothesis> found = search(source, 4);
      REQUIRE(found.size() == right.size());
      CAPTURE(seed, alpha, beam);
      for (std::size_t i = 0; i < right.size(); ++i) check_equal(found[i], right[i]);
    }
  }
}

TEST_CASE("beam: where no target so far is lost, its best ones are the best of all",
          "[decode][beam]") {
  // At most 27 go on after a step; of those that are done the best 40 are kept.
  const double alpha = GENERATE(0.0, 1.0);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const TableDecoder decoder(seed, 4, 4);
    const Batch source = source_of(2);
    const std::vector<Hypothesis> right = exhaustive(decoder, source, 4, alpha);
    BeamSearch search(decoder, nullptr, {.beam = 40, .length_penalty = alpha});
    const std::vector<Hypothesis> found = search(source, 4);
    CAPTURE(seed, alpha);
    REQUIRE(found.size() == 40);
    for (std::size_t i = 0; i < found.size(); ++i) check_equal(found[i], right[i]);
  }
}

TEST_CASE("beam: it ends as soon as nothing better can come", "[decode][beam]") {
  /// The end symbol has all but nothing of the probability.
  class Sure final : public SourceDecoder<float> {
   public:
    std::size_t state_size() const override { return 1; }
    std::size_t frame_size(int, int, int k) const override {
      return 3 * static_cast<std::size_t>(k);
    }
    void read(const float*, const Batch&, int, float*, float* state) const override { *state = 0; }
    Seq<float> step(const float*, const Batch&, int k, const std::int32_t*, float*,
                    float* frame) const override {
      ++steps;
      for (int i = 0; i < k; ++i) {
        frame[3 * i] = 9;
        frame[3 * i + 1] = frame[3 * i + 2] = 0;
      }
      return {frame, 1, k, 3, 3};
    }
    Seq<const float> alignment(const Batch&, int, float*) const override { return {}; }
    mutable int steps = 0;
  };
  const Sure decoder;
  // Equal ones, smaller symbols first: <end>; then 1 <end> and 2 <end>.
  BeamSearch search(decoder, nullptr, {.beam = 3, .alignments = true});
  const std::vector<Hypothesis> found = search(source_of(2), 1000);
  REQUIRE(found.size() == 3);
  CHECK(found[0].symbols.empty());
  CHECK(found[1].symbols == std::vector<std::int32_t>{1});
  CHECK(found[2].symbols == std::vector<std::int32_t>{2});
  CHECK(found[1].score == found[2].score);
  CHECK(decoder.steps == 2);
  CHECK(found[0].alignment.empty());  // there is no attention
}

TEST_CASE("beam: among equals the smaller symbol, then the earlier hypothesis", "[decode][beam]") {
  const TableDecoder level(1, 3, 2, 1);  // all logits are 0
  BeamSearch search(level, nullptr, {.beam = 5});
  const std::vector<Hypothesis> found = search(source_of(1), 2);
  std::vector<std::vector<std::int32_t>> symbols;
  for (const Hypothesis& h : found) symbols.push_back(h.symbols);
  // One step: <end> | 1 | 2; two: <end> after 1 and after 2, then the symbol 1 after both.
  CHECK(symbols == std::vector<std::vector<std::int32_t>>{{}, {1}, {2}, {1, 1}, {2, 1}});
  CHECK(found[1].ended);
  CHECK_FALSE(found[3].ended);
}

TEST_CASE("beam: a target keeps the alignment of its own steps", "[decode][beam]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const TableDecoder decoder(seed, 4, 6);
    const Batch source = source_of(5);
    BeamSearch search(decoder, nullptr, {.beam = 4, .alignments = true});
    for (const Hypothesis& found : search(source, 6)) {
      std::vector<float> expected;
      for (std::size_t r = 0; r < found.symbols.size() + found.ended; ++r) {
        const std::vector<float> row = decoder.attention(source, std::span(found.symbols).first(r));
        expected.insert(expected.end(), row.begin(), row.end());
      }
      CHECK(found.alignment == expected);
    }
    BeamSearch without(decoder, nullptr, {.beam = 4});
    CHECK(without(source, 6).front().alignment.empty());
  }
}

TEST_CASE("beam: one search serves many sources, of any length", "[decode][beam]") {
  const TableDecoder decoder(5, 6, 8);
  const BeamOptions options{.beam = 3, .length_penalty = 0.6, .alignments = true};
  BeamSearch many(decoder, nullptr, options);
  for (const int T : {2, 9, 1, 4}) {
    BeamSearch one(decoder, nullptr, options);
    const std::vector<Hypothesis> a = many(source_of(T, T), 8), b = one(source_of(T, T), 8);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i].symbols == b[i].symbols);
      CHECK(a[i].score == b[i].score);
      CHECK(a[i].alignment == b[i].alignment);
    }
  }
}

TEST_CASE("beam: what is not finite is told", "[decode][beam]") {
  class Broken final : public SourceDecoder<float> {
   public:
    std::size_t state_size() const override { return 0; }
    std::size_t frame_size(int, int, int k) const override {
      return 2 * static_cast<std::size_t>(k);
    }
    void read(const float*, const Batch&, int, float*, float*) const override {}
    Seq<float> step(const float*, const Batch&, int k, const std::int32_t*, float*,
                    float* frame) const override {
      std::fill_n(frame, 2 * k, 0.0f);
      frame[1] = value;
      return {frame, 1, k, 2, 2};
    }
    Seq<const float> alignment(const Batch&, int, float*) const override { return {}; }
    float value = 0;
  };
  Broken decoder;
  BeamSearch search(decoder, nullptr, {.beam = 2});
  for (const float value : {NAN, INFINITY}) {
    decoder.value = value;
    CHECK_THROWS_AS(search(source_of(1), 3), Error);
  }
  decoder.value = -INFINITY;  // a symbol that cannot come
  CHECK(search(source_of(1), 3).front().symbols.empty());
}
