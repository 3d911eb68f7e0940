#include "decode/translator.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "nn/models/decoders.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// The decoders that read one source of symbols.
std::vector<DecoderCase> readers() {
  std::vector<DecoderCase> cases;
  for (DecoderCase& c : decoder_cases()) {
    if (c.facts.symbols && c.facts.second_length == 0) cases.push_back(std::move(c));
  }
  return cases;
}

std::vector<double> parameters_of(const Model<float>& model) {
  std::vector<float> theta(model.parameters().size());
  model.initialize({7, Stream::parameters}, theta.data());
  for (float& value : theta) value *= 3;  // predictions that differ
  return {theta.begin(), theta.end()};
}

/// Probability and alignment of a target by the whole model, the target given.
Hypothesis given(const Model<float>& model, const Facts& facts,
                 const std::vector<double>& parameters, const std::vector<std::int32_t>& source,
                 const Hypothesis& target) {
  const std::vector<float> theta(parameters.begin(), parameters.end());
  const int T = static_cast<int>(source.size());
  Slab<float> packed(model.packed_size()), frame(model.frame_size(T, 1));
  model.pack(theta.data(), packed.data());
  Facts own = facts;
  own.length = T;
  Batch batch;
  batch.reset(own, 1);
  batch.symbol = source;
  std::copy(target.symbols.begin(), target.symbols.end(), batch.label.begin());
  const int steps = static_cast<int>(target.symbols.size()) + target.ended;
  batch.target_steps = {steps};
  const Seq<float> y = model.predict(packed.data(), batch, frame.data());
  Hypothesis result;
  for (int r = 0; r < steps; ++r) {
    double sum = 0;
    for (int s = 0; s < y.F; ++s) sum += std::exp(static_cast<double>(y.at(r)[s]));
    const std::int32_t symbol = batch.label[static_cast<std::size_t>(r)];
    result.log_probability += static_cast<double>(y.at(r)[symbol]) - std::log(sum);
  }
  const Seq<const float> weights = model.alignments(batch, frame.data());
  for (int r = 0; weights.p && r < steps; ++r)
    result.alignment.insert(result.alignment.end(), weights.at(r), weights.at(r) + T);
  return result;
}

}  // namespace

TEST_CASE("translator: what it finds has the probability and the alignment that the model gives it",
          "[decode][translator]") {
  const std::vector<DecoderCase> cases = readers();
  REQUIRE(cases.size() > 20);
  for (std::size_t i = 0; i < cases.size(); i += 5) {
    const DecoderCase& c = cases[i];
    CAPTURE(c.name);
    // One source as in training, one longer than any there.
    for (const int length : {4, 12}) {
      Facts facts = c.facts;
      facts.length = std::max(facts.length, length);
      facts.target_length += facts.length - c.facts.length;
      const auto model = make_model<float>(c.options, facts);
      const std::vector<double> parameters = parameters_of(*model);
      Translator translator(c.options, c.facts, length, parameters,
                            {.beam = 3, .alignments = true});
      std::vector<std::int32_t> source;
      for (int t = 0; t < length; ++t) source.push_back((5 * t + 2) % c.facts.inputs);
      const std::vector<Hypothesis> found = translator(source);
      CHECK(found.size() == 3);
      for (const Hypothesis& h : found) {
        const Hypothesis right = given(*model, facts, parameters, source, h);
        CHECK(h.log_probability == Approx(right.log_probability).epsilon(1e-4));
        CHECK(h.score == h.log_probability);
        REQUIRE(h.alignment.size() == right.alignment.size());
        for (std::size_t k = 0; k < h.alignment.size(); ++k)
          CHECK(std::abs(h.alignment[k] - right.alignment[k]) < 2e-5f);
      }
    }
  }
}

TEST_CASE("translator: a source's target does not depend on what came before it",
          "[decode][translator]") {
  const std::vector<std::int32_t> a{1, 2, 3, 4, 0, 1}, b{5};
  for (const DecoderCase& c : readers()) {
    const std::vector<double> parameters = parameters_of(*make_model<float>(c.options, c.facts));
    for (const int beam : {2, 5}) {
      CAPTURE(c.name, beam);
      const auto fresh = [&](const std::vector<std::int32_t>& source, int longest) {
        Translator translator(c.options, c.facts, longest, parameters, {.beam = beam});
        return translator(source);
      };
      Translator translator(c.options, c.facts, 6, parameters, {.beam = beam});
      for (const auto& source : {a, b, a, b}) {
        const std::vector<Hypothesis> found = translator(source);
        // Nor on how long other sources may be.
        for (const int longest : {6, 20}) {
          const std::vector<Hypothesis> right = fresh(source, longest);
          REQUIRE(found.size() == right.size());
          for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].symbols == right[i].symbols);
            CHECK(found[i].log_probability == right[i].log_probability);
          }
        }
      }
    }
  }
}
