#include "decode/frame_sampler.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace rnnlab;

namespace {

const std::vector<float> logits{0.5f, 2.0f, -1.0f, 2.0f, 0.0f};
constexpr int draws = 100000;

}  // namespace

TEST_CASE("frames: each output is 1 as often as its logit says, among the top k") {
  const double temperature = GENERATE(0.3, 1.0, 2.5);
  const int top_k = GENERATE(0, 1, 2, 3, 9);
  // By hand: 1 and 3 (equal, the smaller index first), then 0, 4, 2.
  const std::vector<std::size_t> likeliest{1, 3, 0, 4, 2};
  std::vector<double> expected(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (top_k == 0 || static_cast<int>(i) < top_k)
      expected[likeliest[i]] =
          1 / (1 + std::exp(-static_cast<double>(logits[likeliest[i]]) / temperature));
  std::vector<double> counted(logits.size());
  int both = 0, unsorted = 0;  // 1 and 3 at once: independent
  Rng rng({7, Stream::generate}, 0);
  for (int n = 0; n < draws; ++n) {
    const std::vector<int> ones = sample_frame(logits, {temperature, top_k}, rng);
    unsorted += !std::is_sorted(ones.begin(), ones.end());
    for (const int i : ones) counted[static_cast<std::size_t>(i)] += 1.0 / draws;
    both += std::count(ones.begin(), ones.end(), 1) == 1 &&
            std::count(ones.begin(), ones.end(), 3) == 1;
  }
  const auto agrees = [](double share, double p) {
    return std::abs(share - p) <= 4.5 * std::sqrt(p * (1 - p) / draws) + 1e-9;
  };
  CAPTURE(temperature, top_k);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    CAPTURE(i, counted[i], expected[i]);
    CHECK(agrees(counted[i], expected[i]));
  }
  CHECK(agrees(static_cast<double>(both) / draws, expected[1] * expected[3]));
  CHECK(unsorted == 0);
}

TEST_CASE("frames: at temperature 0 those with a logit above 0, and no number is taken") {
  Rng rng({7, Stream::generate}, 0), untouched({7, Stream::generate}, 0);
  CHECK(sample_frame(logits, {.temperature = 0}, rng) == std::vector<int>{0, 1, 3});
  CHECK(sample_frame(logits, {.temperature = 0, .top_k = 1}, rng) == std::vector<int>{1});
  CHECK(rng.word() == untouched.word());
}

TEST_CASE("a model read frame by frame predicts what it predicts for the whole piece") {
  ModelOptions options;
  options.cell = GENERATE("elman", "lstm", "gru");
  options.hidden = 19;
  options.layers = 2;
  const int given = GENERATE(0, 3);
  options.input_at = given > 0 ? GENERATE("first", "every-step") : "first";
  CAPTURE(options.cell, given, options.input_at);
  Facts facts{.inputs = 6,
              .given = given,
              .outputs = 6,
              .length = 11,
              .loss = LossKind::binary_cross_entropy,
              .readout = Readout::every};
  const auto whole = make_model<float>(options, facts);
  std::vector<float> theta(whole->parameters().size());
  whole->initialize({3, Stream::parameters}, theta.data());
  Slab<float> packed(whole->packed_size()), frame(whole->frame_size(facts.length, 1));
  whole->pack(theta.data(), packed.data());
  Batch batch;
  batch.reset(facts, 1);
  Rng rng({5, Stream::test}, 0);
  for (float& x : batch.x) x = static_cast<float>(rng.below(2));
  for (float& v : batch.given) v = 1 + static_cast<float>(rng.normal());
  const Seq<float> y = whole->predict(packed.data(), batch, frame.data());

  facts.length = 1;
  StepReader reader(options, facts, std::vector<double>(theta.begin(), theta.end()), batch.given);
  for (int t = 0; t < 11; ++t) {
    std::vector<int> ones;
    for (int i = 0; i < 6; ++i)
      if (batch.x[static_cast<std::size_t>(6 * t + i)] > 0) ones.push_back(i);
    const auto read = reader.read_ones(ones);
    REQUIRE(read.size() == 6);
    for (int i = 0; i < 6; ++i) CHECK(read[static_cast<std::size_t>(i)] == y.at(t)[i]);
  }
}
