#pragma once

#include "base/view.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// Sums over the scored positions of a shard, in double. The loss of a batch is Σ loss / Σ weight.
struct LossSums {
  double loss = 0;    // Σ w ℓ, nats (cross-entropy) or squared units (mse)
  double weight = 0;  // Σ w
  double metric = 0;  // Σ w m, m the squared error (mse) or 1 where the likeliest class is right

  LossSums& operator+=(const LossSums& o) {
    loss += o.loss;
    weight += o.weight;
    metric += o.metric;
    return *this;
  }
};

/// The quality that the sums stand for, as Facts::metric_name() names it.
double quality(const Facts&, const LossSums&);

/// What a shard's predictions [R, b, O] are held against.
struct Targets {
  const float* y = nullptr;             // mse: [R, b, O]
  const std::int32_t* label = nullptr;  // cross-entropy: [R, b]
  const float* weight = nullptr;        // [R, b]
};
inline Targets targets_of(const Batch& batch) {
  return {batch.y.data(), batch.label.data(), batch.weight.data()};
}

/// One kind of loss on predictions [R, b, O]. With w the position's weight:
///   cross-entropy  ℓ = −ln softmax(y)_label          ∂(wℓ)/∂y = w (softmax(y) − onehot(label))
///   mse            ℓ = Σ_j (y_j − target_j)² / O     ∂(wℓ)/∂y = 2 w (y − target) / O
/// If `gradient`, y is overwritten by ∂(Σ w ℓ)/∂y, padding zero; positions of weight 0 get 0. Where
/// a weight is 0 the prediction is not looked at.
template <class S>
LossSums loss(LossKind, Seq<S> y, const Targets&, bool gradient);

}  // namespace rnnlab
