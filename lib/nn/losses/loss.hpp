#pragma once

#include "base/view.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// Sums over the scored positions of a shard, in double. The loss of a batch is Σ loss / Σ weight.
struct LossSums {
  double loss = 0;    // Σ w ℓ, nats (cross-entropies, ctc) or squared units (mse)
  double weight = 0;  // Σ w
  double metric = 0;  // Σ w m, m = ℓ, or 1 where the likeliest class, of equals the first, is right
                      // (cross-entropy), or of an example the edits from its best path's labels to
                      // the target (ctc)
  double sequences = 0, right_sequences = 0;  // examples, and those without a miss: where counted
  double labels = 0;                          // Σ w U over the targets (ctc)

  LossSums& operator+=(const LossSums& o) {
    loss += o.loss;
    weight += o.weight;
    metric += o.metric;
    sequences += o.sequences;
    right_sequences += o.right_sequences;
    labels += o.labels;
    return *this;
  }
};

/// The quality that the sums stand for, as Facts::metric_name() names it.
double quality(const Facts&, const LossSums&);
/// The share of examples of which every scored position was right (ctc: whose best path stands for
/// just their targets), NaN where they were not counted.
/// Of sequence to sequence, whose steps read the target so far, it is the share of sources that
/// greedy decoding turns into just their targets.
double sequence_accuracy(const LossSums&);

/// What a shard's predictions [R, b, O] are held against.
struct Targets {
  const float* y = nullptr;             // mse, binary cross-entropy: [R, b, O]
  const std::int32_t* label = nullptr;  // cross-entropy: [R, b]; ctc: [U, b]
  const float* weight = nullptr;        // [R, b]
  int* misses = nullptr;  // [b], cross-entropy: receives the scored positions of each example whose
                          // likeliest class is not the right one, and whole examples are counted
  const int* length = nullptr;        // ctc: [b] steps of each example
  const int* target_steps = nullptr;  // ctc: [b] labels of each
  double* scratch = nullptr;          // ctc: as losses/ctc.hpp says
};
inline Targets targets_of(const Batch& batch, int* misses = nullptr) {
  return {.y = batch.y.data(),
          .label = batch.label.data(),
          .weight = batch.weight.data(),
          .misses = misses,
          .length = batch.length.data(),
          .target_steps = batch.target_steps.data()};
}

/// One kind of loss on predictions [R, b, O]. With w the position's weight:
///   cross-entropy  ℓ = −ln softmax(y)_label          ∂(wℓ)/∂y = w (softmax(y) − onehot(label))
///   mse            ℓ = Σ_j (y_j − target_j)² / O     ∂(wℓ)/∂y = 2 w (y − target) / O
///   binary cross-entropy, of targets t_j in {0, 1} that are independent given y:
///                  ℓ = Σ_j ln(1 + e^{y_j}) − t_j y_j  ∂(wℓ)/∂y = w (σ(y) − t)
///   ctc            of whole examples: losses/ctc.hpp
/// If `gradient`, y is overwritten by ∂(Σ w ℓ)/∂y, padding zero; positions of weight 0 get 0. Where
/// a weight is 0 the prediction is not looked at.
template <class S>
LossSums loss(LossKind, Seq<S> y, const Targets&, bool gradient);

}  // namespace rnnlab
