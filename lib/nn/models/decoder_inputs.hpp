#pragma once

#include <algorithm>
#include <cstdint>

#include "base/rng.hpp"
#include "base/view.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// The symbols [R, b] that a decoder reads: `end_symbol`, then the target's, each a step later; or,
/// under Batch::own_inputs in training, at some steps the likeliest of what `step(t)`, which may
/// read `symbols` up to step t, predicts for step t: logits [1, b, O].
template <class Step>
void choose_decoder_inputs(const Batch& batch, int steps, std::int32_t* symbols, Step&& step) {
  const int b = batch.B;
  const auto place = [&](int t, int column) {
    return size(t, b) + static_cast<std::size_t>(column);
  };
  for (int t = 0; t < steps; ++t) {
    for (int column = 0; column < b; ++column)
      symbols[place(t, column)] = t == 0 ? end_symbol : batch.label[place(t - 1, column)];
  }
  if (!(batch.own_inputs > 0 && batch.noise)) return;
  const auto bound = static_cast<std::uint64_t>(batch.own_inputs * 4294967296.0);
  for (int t = 0; t + 1 < steps; ++t) {
    const auto y = step(t);
    for (int column = 0; column < b; ++column) {
      const auto example = static_cast<std::uint64_t>(batch.noise.first + column);
      Rng rng({batch.noise.seed, Stream::scheduled_sampling},
              static_cast<std::uint64_t>(batch.noise.step) << 20 | example);
      for (int before = 0; before < t; ++before) rng.word();
      if (rng.word() >= bound) continue;
      const auto* const logits = y.at(0, column);
      symbols[place(t + 1, column)] =
          static_cast<std::int32_t>(std::max_element(logits, logits + y.F) - logits);
    }
  }
}

}  // namespace rnnlab
