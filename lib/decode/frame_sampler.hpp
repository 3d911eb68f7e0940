#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "base/rng.hpp"
#include "decode/sampling.hpp"
#include "nn/model.hpp"

namespace rnnlab {

/// Draws outputs that are 0 or 1 and independent given the past from their logits y: each of the
/// top_k likeliest (all, if 0; among equal logits the smaller index counts as likelier) is 1 with
/// probability σ(y/τ), at a temperature of 0 where y > 0. Returns those that are 1, ascending. One
/// number is taken per logit, none at a temperature of 0.
std::vector<int> sample_frame(std::span<const float> logits, const Sampling&, Rng&);

/// A model of frames of outputs that are 0 or 1, read one frame at a time, its state carried on.
class FrameReader {
 public:
  /// `parameters` in the order of the model's layout. The model's facts have length 1 and as many
  /// inputs as outputs.
  FrameReader(const ModelOptions&, const Facts&, std::span<const double> parameters);

  /// Takes one frame, the outputs that are 1; returns the logits of the next one, valid until the
  /// next call.
  std::span<const float> read(std::span<const int> ones);

 private:
  std::unique_ptr<Model<float>> model_;
  Batch batch_;
  Slab<float> packed_, frame_, state_;
  bool begins_ = true;
};

}  // namespace rnnlab
