#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "decode/sampling.hpp"

namespace rnnlab {

/// Draws sequences of a given class from a trained model that predicts each next symbol from those
/// before it. What was drawn is read anew at each step, so that models without a state to carry on
/// can be drawn from too: a sequence of n symbols costs n (n + 1) / 2 steps.
class ClassSampler {
 public:
  /// `parameters` in the order of the model's layout. REQUIRES: facts of symbols that are the
  /// classes too, asked for at every step, with a given vector.
  ClassSampler(const ModelOptions&, const Facts&, std::span<const double> parameters);

  /// A sequence of class 0 … given − 1 after `end_symbol`: it begins with `prompt` and is drawn on
  /// until `end_symbol` comes, which is left out, or it has Facts::length symbols. REQUIRES: a
  /// prompt of fewer.
  std::vector<std::int32_t> operator()(int cls, std::span<const std::int32_t> prompt,
                                       const Sampling&, Rng&);

 private:
  /// The logits of the symbol after `read`, valid until the next call.
  std::span<const float> next(int cls, std::span<const std::int32_t> read);

  const Facts facts_;
  std::unique_ptr<Model<float>> model_;
  Batch batch_;
  Slab<float> packed_, frame_;
};

}  // namespace rnnlab
