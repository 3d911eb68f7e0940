#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/model.hpp"
#include "nn/models/members.hpp"

namespace rnnlab::test {

/// A task of sequence to sequence as its model sees it.
struct DecoderCase {
  std::string name;
  ModelOptions options;
  Facts facts;
};

inline Facts seq2seq_facts(bool symbols, bool two) {
  return {.inputs = symbols ? 6 : 3,
          .symbols = symbols,
          .outputs = 5,
          .length = 9,
          .second_length = two ? 4 : 0,
          .target_length = 10,  // more than a block of time steps
          .loss = LossKind::cross_entropy,
          .readout = Readout::sequence};
}

inline bool fits(const ModelOptions& options, const Facts& facts) {
  try {
    make_model<float>(options, facts);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// What a transformer's decoder can have besides its preset.
inline std::vector<DecoderCase> transformer_cases() {
  std::vector<DecoderCase> cases;
  const auto add = [&](const std::string& what, bool symbols, auto&& set) {
    ModelOptions o;
    o.architecture = "transformer";
    o.attention = "multi-head";
    o.hidden = 6;
    set(o);
    cases.push_back({"transformer " + what, o, seq2seq_facts(symbols, false)});
  };
  add("norm first, two blocks", true, [](ModelOptions& o) { o.norm_first = true, o.layers = 2; });
  add("of three heads, its encoder looking back", false, [](ModelOptions& o) {
    o.heads = 3;
    o.causal = "yes";
    o.feed_forward = 4;
  });
  add("with learned positions, embedded", true, [](ModelOptions& o) {
    o.positions = "learned";
    o.max_positions = 40;
    o.embedding = 4;
    o.layers = 2;
  });
  add("without positions, tied", true, [](ModelOptions& o) {
    o.positions = "none";
    o.embedding = 6;
    o.tied = true;
    o.activation = "relu";
  });
  add("without biases", false, [](ModelOptions& o) { o.bias = false, o.hidden = 16; });
  return cases;
}

/// Every preset of sequence to sequence, and every attention × place of the query × bridge ×
/// context × direction × merge that fits, spread over cells, layers, embeddings and sources.
inline std::vector<DecoderCase> decoder_cases() {
  std::vector<DecoderCase> cases;
  for (const Member& member : decoder_presets()) {
    for (const bool symbols : {false, true})
      cases.push_back({member.name, member.options, seq2seq_facts(symbols, false)});
  }
  for (const DecoderCase& c : transformer_cases()) cases.push_back(c);
  const std::vector<std::string> cells{"elman", "lstm", "gru", "gru-original"};
  int number = 0;
  for (const char* attention : {"none", "dot", "scaled-dot", "general", "additive", "local"}) {
    for (const char* at : {"before", "after"}) {
      for (const char* bridge : {"none", "last", "transform", "all"}) {
        for (const char* context : {"initial", "every-step", "both"}) {
          for (const std::string direction : {"forward", "reverse", "bidirectional", "summed"}) {
            ++number;
            ModelOptions o;
            o.hidden = 5;
            o.attention = attention;
            o.attention_at = at;
            if (o.attention == "local") o.attention_window = 2;
            o.bridge = bridge;
            o.context = context;
            o.direction = direction == "summed" ? "bidirectional" : direction;
            o.merge = direction == "summed" ? "sum" : "concat";
            o.cell = cells[static_cast<std::size_t>(number) % cells.size()];
            o.layers = 1 + number / 3 % 2;
            o.embedding = number % 3 == 0 ? 4 : 0;
            o.input_feeding = number % 2 == 0;
            if (o.bridge == std::string("all")) {
              o.pool = std::vector<std::string>{"last", "max",
                                                "attention"}[static_cast<std::size_t>(number) % 3];
            }
            const Facts facts = seq2seq_facts(number % 2 == 0, number % 5 < 2);
            if (!fits(o, facts)) o.input_feeding = false;
            if (!fits(o, facts)) continue;
            cases.push_back(
                {std::string("attention ") + attention + " " + at + ", bridge " + bridge + " " +
                     context + ", " + o.cell + " " + direction + ", layers " +
                     std::to_string(o.layers) + (o.input_feeding ? ", fed" : "") +
                     (o.embedding > 0 ? ", embedded" : "") + (facts.symbols ? ", symbols" : "") +
                     (facts.second_length > 0 ? ", two sources" : ""),
                 o, facts});
          }
        }
      }
    }
  }
  return cases;
}

/// Sources and targets of different lengths, the second source too; nothing but zeros past an end.
inline Batch seq2seq_batch(const Facts& facts, int B, std::uint64_t seed = 43) {
  Batch batch;
  batch.reset(facts, B);
  const auto fill = [&](int T, std::vector<int>& length, std::vector<float>& x,
                        std::vector<std::int32_t>& symbol, std::uint64_t stream) {
    for (int b = 0; b < B && T > 0; ++b) {
      Rng rng({seed + stream, Stream::test}, static_cast<std::uint64_t>(b));
      int& steps = length[static_cast<std::size_t>(b)];
      steps = b == 0 ? T : 1 + static_cast<int>(rng.below(static_cast<std::uint32_t>(T)));
      for (int t = 0; t < steps; ++t) {
        const auto at = static_cast<std::size_t>(t * B + b);
        if (facts.symbols)
          symbol[at] =
              static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(facts.inputs)));
        for (int i = 0; i < facts.inputs && !facts.symbols; ++i)
          x[at * static_cast<std::size_t>(facts.inputs) + static_cast<std::size_t>(i)] =
              static_cast<float>(rng.normal());
      }
    }
  };
  fill(batch.T, batch.length, batch.x, batch.symbol, 0);
  fill(batch.second.T, batch.second.length, batch.second.x, batch.second.symbol, 1);
  std::fill(batch.weight.begin(), batch.weight.end(), 0.0f);
  for (int b = 0; b < B; ++b) {
    Rng rng({seed + 2, Stream::test}, static_cast<std::uint64_t>(b));
    const auto limit = static_cast<std::uint32_t>(facts.target_length);
    int& steps = batch.target_steps[static_cast<std::size_t>(b)];
    steps = b == B - 1 ? facts.target_length : 1 + static_cast<int>(rng.below(limit));
    for (int t = 0; t < steps; ++t) {
      const auto at = static_cast<std::size_t>(t * B + b);
      batch.weight[at] = t % 3 == 1 ? 0.5f : 1.0f;
      batch.label[at] = t + 1 == steps ? end_symbol
                                       : 1 + static_cast<std::int32_t>(rng.below(
                                                 static_cast<std::uint32_t>(facts.outputs - 1)));
    }
  }
  return batch;
}

}  // namespace rnnlab::test
