#include "nn/losses/loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "math/lanes.hpp"

namespace rnnlab {
namespace {

/// One column y of O logits, padded to whole lane groups.
template <class S>
void cross_entropy(S* y, int O, int ld, int label, double w, bool gradient, LossSums& sums) {
  constexpr int L = lanes<S>;
  std::fill(y + O, y + ld, -std::numeric_limits<S>::infinity());
  Lane<S> largest = load(y);
  for (int i = L; i < ld; i += L) largest = largest.max(load(y + i));
  const S shift = largest.maxCoeff(), at_label = y[label];
  Lane<S> total = Lane<S>::Zero();
  for (int i = 0; i < ld; i += L) {
    const Lane<S> e = (load(y + i) - shift).exp();
    total += e;
    store(y + i, e);
  }
  // A NaN among the logits may be lost in the maximum, not in the sum.
  const double sum = static_cast<double>(total.sum());
  sums.loss += w * (std::log(sum) - static_cast<double>(at_label - shift));
  sums.weight += w;
  sums.metric += at_label == shift ? w : 0.0;
  if (!gradient) return;
  const S scale = static_cast<S>(w / sum);
  for (int i = 0; i < ld; i += L) store<S>(y + i, load(y + i) * scale);
  y[label] -= static_cast<S>(w);
  std::fill(y + O, y + ld, S{0});  // Eigen's e^−∞ is a denormal in double
}

template <class S>
void squared_error(S* y, int O, int ld, const float* target, double w, bool gradient,
                   LossSums& sums) {
  double error = 0;
  for (int i = 0; i < O; ++i) {
    const S difference = y[i] - static_cast<S>(target[i]);
    error += static_cast<double>(difference) * static_cast<double>(difference);
    if (gradient) y[i] = static_cast<S>(2.0 * w / O) * difference;
  }
  if (gradient) std::fill(y + O, y + ld, S{0});
  sums.loss += w * error / O;
  sums.weight += w;
  sums.metric += w * error / O;
}

}  // namespace

double quality(const Facts& facts, const LossSums& sums) {
  if (facts.metric == Metric::bits_per_character) {
    return sums.loss / (sums.weight * std::numbers::ln2);
  }
  return sums.metric / sums.weight;
}

template <class S>
LossSums loss(LossKind kind, Seq<S> y, const Batch& batch, bool gradient) {
  LossSums sums;
  const int positions = y.T * y.B;
  for (int p = 0; p < positions; ++p) {
    S* column = y.p + static_cast<std::size_t>(p) * y.ld;
    const double w = batch.weight[static_cast<std::size_t>(p)];
    if (w == 0) {
      if (gradient) std::fill_n(column, y.ld, S{0});
    } else if (kind == LossKind::cross_entropy) {
      cross_entropy(column, y.F, y.ld, batch.label[static_cast<std::size_t>(p)], w, gradient, sums);
    } else {
      squared_error(column, y.F, y.ld, batch.y.data() + static_cast<std::size_t>(p) * y.F, w,
                    gradient, sums);
    }
  }
  return sums;
}

template LossSums loss(LossKind, Seq<float>, const Batch&, bool);
template LossSums loss(LossKind, Seq<double>, const Batch&, bool);

}  // namespace rnnlab
