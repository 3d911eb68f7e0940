#include "nn/losses/loss.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numbers>

#include "math/lanes.hpp"

namespace rnnlab {
namespace {

/// The scored positions of `count` ≤ chunk columns of logits, pass by pass: the passes of different
/// columns do not wait for each other, and the logarithms are taken side by side.
constexpr int chunk = 64;

template <class S>
void cross_entropy(S* y, int O, int ld, const std::int32_t* label, const float* weight, int count,
                   bool gradient, LossSums& sums) {
  constexpr int L = lanes<S>;
  const int last = ld - L;
  const auto padded = [&](const S* at, S padding) {
    return first_lanes<S>(load(at), O - last, padding);
  };
  constexpr S nothing = -std::numeric_limits<S>::infinity();
  std::array<S*, chunk> column;
  std::array<int, chunk> position;
  std::array<S, chunk> shift, at_label;
  Eigen::Array<double, chunk, 1> sum = Eigen::Array<double, chunk, 1>::Ones();
  int n = 0;
  for (int p = 0; p < count; ++p) {
    S* const from = y + static_cast<std::size_t>(p) * static_cast<std::size_t>(ld);
    if (weight[p] == 0) {
      if (gradient) std::fill_n(from, ld, S{0});
      continue;
    }
    Lane<S> largest = padded(from + last, nothing);
    for (int i = 0; i < last; i += L) largest = largest.max(load(from + i));
    shift[n] = largest.maxCoeff();
    at_label[n] = from[label[p]];
    column[n] = from;
    position[n++] = p;
  }
  for (int i = 0; i < n; ++i) {
    Lane<S> total = Lane<S>::Zero();
    const auto exponential = [&](S* at, const Lane<S>& logits) {
      const Lane<S> e = (logits - shift[i]).exp();
      total += e;
      store(at, e);
    };
    for (int k = 0; k < last; k += L) exponential(column[i] + k, load(column[i] + k));
    exponential(column[i] + last, padded(column[i] + last, nothing));
    // A NaN among the logits may be lost in the maximum, not in the sum.
    sum[i] = static_cast<double>(total.sum());
  }
  const Eigen::Array<double, chunk, 1> log_sum = sum.log();
  for (int i = 0; i < n; ++i) {
    const double w = static_cast<double>(weight[position[i]]);
    sums.loss += w * (log_sum[i] - static_cast<double>(at_label[i] - shift[i]));
    sums.weight += w;
    sums.metric += at_label[i] == shift[i] ? w : 0.0;
    if (!gradient) continue;
    const S scale = static_cast<S>(w / sum[i]);
    for (int k = 0; k < last; k += L) store<S>(column[i] + k, load(column[i] + k) * scale);
    // Zero in the padding: Eigen's e^−∞ is a denormal in double.
    store<S>(column[i] + last, padded(column[i] + last, 0) * scale);
    column[i][label[position[i]]] -= static_cast<S>(w);
  }
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
  const auto at = [&](int p) { return y.p + static_cast<std::size_t>(p) * y.ld; };
  if (kind == LossKind::cross_entropy) {
    for (int p = 0; p < positions; p += chunk) {
      cross_entropy(at(p), y.F, y.ld, batch.label.data() + p, batch.weight.data() + p,
                    std::min(chunk, positions - p), gradient, sums);
    }
    return sums;
  }
  for (int p = 0; p < positions; ++p) {
    const double w = static_cast<double>(batch.weight[static_cast<std::size_t>(p)]);
    if (w == 0) {
      if (gradient) std::fill_n(at(p), y.ld, S{0});
    } else {
      squared_error(at(p), y.F, y.ld, batch.y.data() + static_cast<std::size_t>(p) * y.F, w,
                    gradient, sums);
    }
  }
  return sums;
}

template LossSums loss(LossKind, Seq<float>, const Batch&, bool);
template LossSums loss(LossKind, Seq<double>, const Batch&, bool);

}  // namespace rnnlab
