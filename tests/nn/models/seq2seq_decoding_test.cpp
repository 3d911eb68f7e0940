#include <catch2/catch.hpp>

#include "nn/models/decoders.hpp"
#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("seq2seq: step by step as decoding does it is what the whole target gives",
          "[nn][models][seq2seq]") {
  for (const DecoderCase& c : decoder_cases()) {
    CAPTURE(c.name);
    const Batch batch = seq2seq_batch(c.facts, 1);
    ModelRun<double> run(c.options, c.facts, 1);
    run.set(random_parameters(c.options, c.facts));
    const SourceDecoder<double>* decoder = run.model->decoder();
    REQUIRE(decoder != nullptr);
    constexpr int k = 3;
    const Slab<double> frame(decoder->frame_size(batch.T, batch.second.T, k));
    const std::size_t entries = decoder->state_size();
    std::vector<double> first(entries), states;
    decoder->read(run.packed.data(), batch, k, frame.data(), first.data());
    for (int j = 0; j < k; ++j) states.insert(states.end(), first.begin(), first.end());
    const Seq<double> whole = run.model->predict(run.packed.data(), batch, run.frame.data());
    const Seq<const double> weights = run.model->alignments(batch, run.frame.data());
    double worst = 0;
    for (int t = 0; t < batch.target_steps.front(); ++t) {
      // The hypothesis in the middle is the target; the others go their own ways.
      const std::int32_t right = t == 0 ? end_symbol : batch.label[static_cast<std::size_t>(t - 1)];
      const std::int32_t read[k] = {1, right, 2};
      const Seq<double> y =
          decoder->step(run.packed.data(), batch, k, read, states.data(), frame.data());
      for (int i = 0; i < c.facts.outputs; ++i)
        worst = std::max(worst, std::abs(y.at(0, 1)[i] - whole.at(t)[i]));
      const Seq<const double> a = decoder->alignment(batch, k, frame.data());
      CHECK((a.p == nullptr) == (weights.p == nullptr));
      for (int s = 0; a.p && s < batch.T; ++s)
        worst = std::max(worst, std::abs(a.at(0, 1)[s] - weights.at(t)[s]));
    }
    CHECK(worst <= 1e-12);
  }
}

TEST_CASE("seq2seq: a decoder of its own inputs reads what greedy decoding writes",
          "[nn][models][seq2seq]") {
  for (const DecoderCase& c : decoder_cases()) {
    CAPTURE(c.name);
    Batch batch = seq2seq_batch(c.facts, 1);
    ModelRun<double> run(c.options, c.facts, 1);
    run.set(random_parameters(c.options, c.facts));
    const SourceDecoder<double>& decoder = *run.model->decoder();
    const Slab<double> frame(decoder.frame_size(batch.T, batch.second.T, 1));
    std::vector<double> state(decoder.state_size());
    decoder.read(run.packed.data(), batch, 1, frame.data(), state.data());
    batch.own_inputs = 1;
    batch.noise = {.seed = 3, .step = 5, .first = 0};
    const Seq<double> whole = run.model->predict(run.packed.data(), batch, run.frame.data());
    std::int32_t read = end_symbol;
    double worst = 0;
    for (int t = 0; t < batch.target_steps.front(); ++t) {
      const Seq<double> y =
          decoder.step(run.packed.data(), batch, 1, &read, state.data(), frame.data());
      for (int i = 0; i < c.facts.outputs; ++i)
        worst = std::max(worst, std::abs(y.at(0)[i] - whole.at(t)[i]));
      read = static_cast<std::int32_t>(std::max_element(y.p, y.p + y.F) - y.p);
    }
    CHECK(worst <= 1e-11);
  }
}

TEST_CASE("seq2seq: without attention a decoder knows of the source what the bridge gives it",
          "[nn][models][seq2seq]") {
  for (const DecoderCase& c : decoder_cases()) {
    CAPTURE(c.name);
    const Batch one = seq2seq_batch(c.facts, 1, 43), other = seq2seq_batch(c.facts, 1, 99);
    ModelRun<double> run(c.options, c.facts, 1);
    run.set(random_parameters(c.options, c.facts));
    const SourceDecoder<double>& decoder = *run.model->decoder();
    const Slab<double> frame(decoder.frame_size(one.T, one.second.T, 1));
    const auto read = [&](const Batch& batch) {
      std::vector<double> state(decoder.state_size());
      decoder.read(run.packed.data(), batch, 1, frame.data(), state.data());
      return state;
    };
    const auto step = [&](const Batch& batch, std::vector<double> state) {
      const Seq<double> y =
          decoder.step(run.packed.data(), batch, 1, &end_symbol, state.data(), frame.data());
      return std::vector<double>(y.p, y.p + c.facts.outputs);
    };
    const std::vector<double> state = read(one), right = step(one, state);
    CHECK((state != read(other) || c.options.bridge == "none"));
    // The frame is now of the other source, the state still of the first.
    CHECK((step(other, state) == right) == (c.options.attention == "none"));
  }
}
