#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/check.hpp"

namespace rnnlab {

enum class LossKind { mse, cross_entropy, binary_cross_entropy, ctc };
/// Targets at each example's last step, at every step, or a sequence of symbols with a length of
/// its own (sequence to sequence, cross-entropy alone). With ctc there is a prediction at every
/// step, and one sequence of labels for all of them.
enum class Readout { last, every, sequence };
/// Readout::sequence: the class that ends a target, and that a decoder reads before its first step.
inline constexpr int end_symbol = 0;
/// What a task's quality is told in; of_loss: mse, accuracy with cross-entropy, nll (nats, summed
/// over the outputs) with binary cross-entropy, label error rate with ctc.
enum class Metric { of_loss, bits_per_character, perplexity };

/// What there is to know of a task before a number is drawn.
struct Facts {
  int inputs = 0;         // I: width of one input step, or the number of symbols
  bool symbols = false;   // an input step is one of `inputs` symbols, not numbers
  bool once = false;      // there is one input step per example, whatever its length (numbers only)
  int given = 0;          // width of a vector that an example has besides its steps, which the
                          // model reads with the first one or with every one (model.input_at)
  int outputs = 0;        // width of the prediction: values (mse), classes (cross-entropy), outputs
                          // that are 0 or 1 (binary cross-entropy), or labels and the blank, which
                          // is class 0 (ctc)
  int length = 0;         // the longest T that can be drawn, in any split
  int second_length = 0;  // the longest second source, of the same inputs; 0: there is none
  int target_length = 0;  // Readout::sequence: the longest target, its end symbol included; ctc:
                          // the most labels
  int rows = 0, columns = 0;  // of an image, all of the same size: `length` = rows · columns steps
                              // are its points, row by row; 0: none
  LossKind loss = LossKind::mse;
  Metric metric = Metric::of_loss;
  Readout readout = Readout::last;
  double chance_loss = 0;   // loss of the best predictor that sees no input, in the loss' unit
  double solved = 0;        // the metric at or beyond which the task counts as solved
  const char* chance = "";  // that predictor and its value in words

  /// The name under which the task's quality is logged.
  const char* metric_name() const {
    if (metric == Metric::bits_per_character) return "bits_per_character";
    if (metric == Metric::perplexity) return "perplexity";
    switch (loss) {
      case LossKind::mse: return "mse";
      case LossKind::cross_entropy: return "accuracy";
      case LossKind::binary_cross_entropy: return "nll";
      default: return "label_error_rate";
    }
  }
  bool lower_is_better() const {
    return loss != LossKind::cross_entropy || metric != Metric::of_loss;
  }
  /// Whether a target is `outputs` values, not one class.
  bool values() const { return loss == LossKind::mse || loss == LossKind::binary_cross_entropy; }
  /// Whether an example's target is right or wrong as a whole: there is a sequence_accuracy.
  bool whole_sequences() const { return readout == Readout::sequence || loss == LossKind::ctc; }
};

/// What the noise of a training step is a function of, besides the place where it is added.
struct NoiseKey {
  std::uint64_t seed = 0;
  std::int64_t step = -1;  // negative: none, as in evaluation
  int first = 0;           // of the shard's columns in the step's batch

  explicit operator bool() const { return step >= 0; }
};

/// A sequence that is read besides the first one, in its own time.
struct SecondSource {
  int T = 0;  // 0: there is none
  std::vector<float> x;
  std::vector<std::int32_t> symbol;
  std::vector<int> length;
};

/// The examples of one shard. Buffers grow to the largest shard once; afterwards drawing allocates
/// nothing. R = T where every step has a target, 1 where only the last one has, else the longest
/// target.
struct Batch {
  int T = 0;  // as drawn the longest length of the split, at most Facts::length
  int B = 0;
  std::vector<float> x;  // [T, B, inputs]; zero past an example's end. [1, B, inputs]: once
  std::vector<std::int32_t> symbol;  // [T, B] instead of x, where the inputs are symbols
  std::vector<float> given;          // [B, given]
  std::vector<float> y;              // mse, binary cross-entropy: [R, B, outputs]
  std::vector<std::int32_t> label;   // cross-entropy: [R, B]; ctc: [target_length, B]
  std::vector<float> weight;         // [R, B]; 0 where nothing is scored. ctc: the same at all of
                                     // an example's steps
  std::vector<int> length;           // [B], 1 … T; 0 … T after keep_steps
  SecondSource second;
  std::vector<int> target_steps;  // [B] Readout::sequence: 1 … R, the end symbol included; ctc:
                                  // 0 … target_length labels, none of them the blank
  double own_inputs = 0;          // scheduled sampling: the chance that a decoder's step reads the
                                  // likeliest symbol of the step before instead of the target's
  NoiseKey noise;                 // of the training step; none in evaluation

  /// R: rows of targets (ctc's labels apart) and weights.
  int rows() const { return static_cast<int>(weight.size()) / B; }

  /// Sizes for B examples of the longest length; every example full length, every weight 1,
  /// inputs and targets zero, ctc's targets empty.
  void reset(const Facts& facts, int columns) {
    T = facts.length;
    B = columns;
    const auto cells_of = [&](int steps) {
      return static_cast<std::size_t>(steps) * static_cast<std::size_t>(B);
    };
    const auto cells = cells_of(T);
    const auto scored = facts.readout == Readout::every  ? cells
                        : facts.readout == Readout::last ? cells_of(1)
                                                         : cells_of(facts.target_length);
    const auto read = facts.once ? static_cast<std::size_t>(B) : cells;
    x.assign(facts.symbols ? 0 : read * static_cast<std::size_t>(facts.inputs), 0.0f);
    symbol.assign(facts.symbols ? cells : 0, 0);
    given.assign(cells_of(facts.given), 0.0f);
    y.assign(facts.values() ? scored * static_cast<std::size_t>(facts.outputs) : 0, 0.0f);
    const bool ctc = facts.loss == LossKind::ctc;
    label.assign(ctc ? cells_of(facts.target_length) : facts.values() ? 0 : scored, 0);
    weight.assign(scored, 1.0f);
    length.assign(cells_of(1), T);
    second.T = facts.second_length;
    second.x.assign(facts.symbols ? 0 : cells_of(second.T) * static_cast<std::size_t>(facts.inputs),
                    0.0f);
    second.symbol.assign(facts.symbols ? cells_of(second.T) : 0, 0);
    second.length.assign(second.T > 0 ? cells_of(1) : 0, second.T);
    target_steps.assign(facts.whole_sequences() ? cells_of(1) : 0, ctc ? 0 : facts.target_length);
    own_inputs = 0;
    noise = {};
  }

  /// Leaves out the steps that no example has. Predictions, loss and gradients stay the same bytes:
  /// what lies past an example's end counts nowhere. REQUIRES: not Facts::once.
  void trim(Readout readout) {
    const auto cut = [](auto& values, int steps, int to) {
      values.resize(values.size() / static_cast<std::size_t>(steps) * static_cast<std::size_t>(to));
    };
    const auto longest = [](const std::vector<int>& of) {
      return *std::max_element(of.begin(), of.end());
    };
    const int rows_then = rows();
    const int steps = longest(length);
    const int rows_now = readout == Readout::every  ? steps
                         : readout == Readout::last ? 1
                                                    : longest(target_steps);
    const bool ctc = readout == Readout::every && !target_steps.empty();
    cut(x, T, steps);
    cut(symbol, T, steps);
    cut(y, rows_then, rows_now);
    if (ctc)
      cut(label, static_cast<int>(label.size()) / B, std::max(longest(target_steps), 1));
    else
      cut(label, rows_then, rows_now);
    cut(weight, rows_then, rows_now);
    T = steps;
  }

  /// Keeps the steps [first, first + count), as many of them as there are; every step has a target
  /// of its own, and there is no given vector.
  void keep_steps(int first, int count) {
    RNNLAB_CHECK_LT(first, T);
    const int steps = std::min(count, T - first);
    const auto keep = [&](auto& values) {
      const std::size_t step = values.size() / static_cast<std::size_t>(T);
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(step) * first;
      std::copy(begin, begin + static_cast<std::ptrdiff_t>(step) * steps, values.begin());
      values.resize(step * static_cast<std::size_t>(steps));
    };
    keep(x);
    keep(symbol);
    keep(y);
    keep(label);
    keep(weight);
    for (int& steps_of : length) steps_of = std::clamp(steps_of - first, 0, steps);
    T = steps;
  }
};

}  // namespace rnnlab
