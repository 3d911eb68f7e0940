#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "base/rng.hpp"
#include "nn/model.hpp"

namespace rnnlab {

/// How a symbol is chosen from logits y.
struct Sampling {
  double temperature = 1;  // τ of p ∝ e^(y/τ); 0: the likeliest symbol
  int top_k = 0;           // only among the k likeliest ones; 0: all
};

/// Draws one symbol from softmax(y/τ) over the top_k likeliest symbols (Fan, Lewis and Dauphin
/// 2018); among equal logits the smaller index counts as likelier. A temperature of 0 takes no
/// number.
int sample(std::span<const float> logits, const Sampling&, Rng&);

/// A model that says at every step what comes next, read one step at a time, its state carried on.
class StepReader {
 public:
  /// `parameters` in the order of the model's layout. The model's facts have length 1. `given`: the
  /// vector of facts that have one.
  StepReader(const ModelOptions&, const Facts&, std::span<const double> parameters,
             std::span<const float> given = {});

  /// Take one step, a symbol, or of inputs that are 0 or 1 those that are 1; return the logits of
  /// the next one, valid until the next call.
  std::span<const float> read(std::int32_t symbol);
  std::span<const float> read_ones(std::span<const int> ones);

 private:
  std::span<const float> step();

  std::unique_ptr<Model<float>> model_;
  Batch batch_;
  Slab<float> packed_, frame_, state_;
  bool begins_ = true, gives_once_;
};

}  // namespace rnnlab
