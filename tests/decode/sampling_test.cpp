#include "decode/sampling.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace rnnlab;

namespace {

const std::vector<float> logits{0.5f, 2.0f, -1.0f, 2.0f, 1.0f};
constexpr int draws = 100000;

std::vector<double> shares(const Sampling& how) {
  std::vector<double> counted(logits.size());
  Rng rng({7, Stream::generate}, 0);
  for (int i = 0; i < draws; ++i) {
    counted[static_cast<std::size_t>(sample(logits, how, rng))] += 1.0 / draws;
  }
  return counted;
}

}  // namespace

TEST_CASE("symbols come as often as softmax(y / temperature) over the top k says") {
  const double temperature = GENERATE(0.3, 1.0, 2.5);
  const int top_k = GENERATE(0, 1, 2, 3, 5, 9);
  // The k likeliest by hand: 1 and 3 (equal, the smaller index first), then 4, 0, 2.
  const std::vector<std::size_t> likeliest{1, 3, 4, 0, 2};
  const std::size_t k = top_k == 0 || top_k > 5 ? 5 : static_cast<std::size_t>(top_k);
  std::vector<double> expected(logits.size());
  double total = 0;
  for (std::size_t i = 0; i < k; ++i) {
    expected[likeliest[i]] = std::exp(static_cast<double>(logits[likeliest[i]]) / temperature);
    total += expected[likeliest[i]];
  }
  const std::vector<double> counted = shares({temperature, top_k});
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double p = expected[i] / total;
    CAPTURE(temperature, top_k, i);
    CHECK(std::abs(counted[i] - p) <= 4.5 * std::sqrt(p * (1 - p) / draws) + 1e-9);
  }
}

TEST_CASE("temperature 0 takes the likeliest symbol, the smaller index where two are") {
  Rng rng({7, Stream::generate}, 0), untouched({7, Stream::generate}, 0);
  CHECK(sample(logits, {.temperature = 0}, rng) == 1);
  CHECK(rng.word() == untouched.word());
}

TEST_CASE("a model read symbol by symbol predicts what it predicts for the whole sequence") {
  ModelOptions options;
  options.cell = GENERATE("elman", "lstm", "gru");
  options.hidden = 19;
  options.layers = 2;
  options.embedding = GENERATE(0, 5);
  Facts facts{.inputs = 7,
              .symbols = true,
              .outputs = 7,
              .length = 12,
              .loss = LossKind::cross_entropy,
              .readout = Readout::every};
  const auto model = make_model<float>(options, facts);
  std::vector<float> theta(model->parameters().size());
  model->initialize({3, Stream::parameters}, theta.data());
  Slab<float> packed(model->packed_size()), frame(model->frame_size(12, 1));
  model->pack(theta.data(), packed.data());
  Batch batch;
  batch.reset(facts, 1);
  for (int t = 0; t < 12; ++t) batch.symbol[static_cast<std::size_t>(t)] = (5 * t + 3) % 7;
  const Seq<float> whole = model->predict(packed.data(), batch, frame.data());

  Facts one = facts;
  one.length = 1;
  StepReader reader(options, one, std::vector<double>(theta.begin(), theta.end()));
  for (int t = 0; t < 12; ++t) {
    const auto y = reader.read(batch.symbol[static_cast<std::size_t>(t)]);
    REQUIRE(y.size() == 7);
    for (int i = 0; i < 7; ++i) {
      CHECK(y[static_cast<std::size_t>(i)] == Approx(whole.at(t)[i]).margin(1e-5));
    }
  }
}
