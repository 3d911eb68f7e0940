#pragma once

#include <cstdint>
#include <vector>

namespace rnnlab {

enum class LossKind { mse, cross_entropy };
enum class Readout { last, every };  // targets at each example's last step, or at every step

/// What there is to know of a task before a number is drawn.
struct Facts {
  int inputs = 0;   // I: width of one input step
  int outputs = 0;  // width of the prediction: values (mse) or classes (cross-entropy)
  int length = 0;   // the longest T that can be drawn, in any split
  LossKind loss = LossKind::mse;
  Readout readout = Readout::last;
  double chance_loss = 0;   // loss of the best predictor that sees no input, in the loss' unit
  double solved = 0;        // the metric at or beyond which the task counts as solved
  const char* chance = "";  // that predictor and its value in words

  /// The name under which the task's quality is logged.
  const char* metric() const { return loss == LossKind::mse ? "mse" : "accuracy"; }
  bool lower_is_better() const { return loss == LossKind::mse; }
};

/// The examples of one shard. Buffers grow to the largest shard once; afterwards drawing allocates
/// nothing. R = T where every step has a target, 1 where only the last one has.
struct Batch {
  int T = 0;  // the longest length of the split, at most Facts::length
  int B = 0;
  std::vector<float> x;             // [T, B, inputs]; zero past an example's end
  std::vector<float> y;             // mse: [R, B, outputs]
  std::vector<std::int32_t> label;  // cross-entropy: [R, B]
  std::vector<float> weight;        // [R, B]; 0 where nothing is scored
  std::vector<int> length;          // [B], 1 … T

  /// Sizes for B examples of the longest length; every example full length, every weight 1,
  /// inputs and targets zero.
  void reset(const Facts& facts, int columns) {
    T = facts.length;
    B = columns;
    const auto cells = static_cast<std::size_t>(T) * static_cast<std::size_t>(B);
    const auto scored = facts.readout == Readout::every ? cells : static_cast<std::size_t>(B);
    x.assign(cells * static_cast<std::size_t>(facts.inputs), 0.0f);
    y.assign(facts.loss == LossKind::mse ? scored * static_cast<std::size_t>(facts.outputs) : 0,
             0.0f);
    label.assign(facts.loss == LossKind::cross_entropy ? scored : 0, 0);
    weight.assign(scored, 1.0f);
    length.assign(static_cast<std::size_t>(B), T);
  }
};

}  // namespace rnnlab
