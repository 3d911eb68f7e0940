#include "nn/losses/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "math/lanes.hpp"
#include "nn/losses/ctc.hpp"

namespace rnnlab {
namespace {

/// The scored positions of `count` ≤ chunk columns of logits, pass by pass: the passes of different
/// columns do not wait for each other, and the logarithms are taken side by side.
constexpr int chunk = 64;

/// Which examples were told wrong, where that is asked for.
struct Missed {
  int* misses;  // [b], or null
  int b;
  int first;  // position of the chunk

  void at(int position) const {
    if (misses) ++misses[(first + position) % b];
  }
};

template <class S>
void cross_entropy(S* y, int O, int ld, const std::int32_t* label, const float* weight, int count,
                   bool gradient, const Missed& missed, LossSums& sums) {
  constexpr int L = lanes<S>;
  const int last = ld - L;
  const auto padded = [&](const S* at, S padding) {
    return first_lanes<S>(load(at), O - last, padding);
  };
  constexpr S nothing = -std::numeric_limits<S>::infinity();
  using V = Register<S>;
  typename V::Type part[L] = {};
  std::array<S*, chunk> column;
  std::array<int, chunk> position;
  alignas(64) std::array<S, chunk> shift, sum, at_label;
  std::array<bool, chunk> right;
  sum.fill(1);
  int n = 0;
  for (int p = 0; p < count; ++p) {
    S* const from = y + static_cast<std::size_t>(p) * static_cast<std::size_t>(ld);
    if (weight[p] == 0) {
      if (gradient) std::fill_n(from, ld, S{0});
      continue;
    }
    column[n] = from;
    position[n++] = p;
  }
  for (int first = 0; first < n; first += L) {
    const int columns = std::min(L, n - first);
    for (int i = 0; i < columns; ++i) {
      const S* const from = column[first + i];
      Lane<S> largest = padded(from + last, nothing);
      for (int k = 0; k < last; k += L) largest = largest.max(load(from + k));
      part[i] = V::of(largest);
    }
    store<S>(&shift[first], V::lane(fold_lanes<S>(
                                part, [](const auto& a, const auto& b) { return a < b ? b : a; })));
    for (int i = 0; i < columns; ++i) {
      S* const at = column[first + i];
      const std::int32_t wanted = label[position[first + i]];
      at_label[first + i] = at[wanted];
      // Of classes that are equally likely the first one is predicted.
      right[first + i] = at[wanted] == shift[first + i] &&
                         std::find(at, at + wanted, shift[first + i]) == at + wanted;
      Lane<S> total = Lane<S>::Zero();
      const auto exponential = [&](S* to, const Lane<S>& logits) {
        const Lane<S> e = (logits - shift[first + i]).exp();
        total += e;
        store(to, e);
      };
      for (int k = 0; k < last; k += L) exponential(at + k, load(at + k));
      exponential(at + last, padded(at + last, nothing));
      part[i] = V::of(total);
    }
    // A NaN among the logits may be lost in the maximum, not in the sum.
    store<S>(&sum[first], V::lane(sums_of_lanes<S>(part)));
  }
  const Eigen::Array<double, chunk, 1> log_sum =
      Eigen::Map<const Eigen::Array<S, chunk, 1>>(sum.data()).template cast<double>().log();
  for (int i = 0; i < n; ++i) {
    const double w = static_cast<double>(weight[position[i]]);
    sums.loss += w * (log_sum[i] - static_cast<double>(at_label[i] - shift[i]));
    sums.weight += w;
    if (right[i]) {
      sums.metric += w;
    } else {
      missed.at(position[i]);
    }
    if (!gradient) continue;
    const S scale = static_cast<S>(w / static_cast<double>(sum[i]));
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

/// ln(1 + e^y) − t y = max(y, 0) − t y + ln u with u = 1 + e^−|y|, summed over the outputs: no
/// intermediate value overflows. In double, since small terms are added to large ones; the
/// logarithm is that of the product of many u, corrected for what rounding took from each.
template <class S>
void binary_cross_entropy(S* y, int O, int ld, const float* target, double w, bool gradient,
                          LossSums& sums) {
  constexpr int most = 256;  // u ≤ 2: their product is finite
  using Doubles = Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, most, 1>;
  double nats = 0;
  for (int k = 0; k < O; k += most) {
    const int n = std::min(most, O - k);
    Eigen::Map<Eigen::Array<S, Eigen::Dynamic, 1>> logits(y + k, n);
    const Eigen::Map<const Eigen::ArrayXf> targets(target + k, n);
    const Doubles z = logits.template cast<double>(), t = targets.template cast<double>();
    const Doubles e = (-z.abs()).exp(), u = 1.0 + e;
    nats += (z.max(0.0) - t * z + (e - (u - 1.0)) / u).sum() + std::log(u.prod());
    if (gradient) logits = (w * ((z >= 0.0).select(1.0, e) / u - t)).template cast<S>();
  }
  if (gradient) std::fill(y + O, y + ld, S{0});
  sums.loss += w * nats;
  sums.weight += w;
  sums.metric += w * nats;
}

}  // namespace

double quality(const Facts& facts, const LossSums& sums) {
  if (std::isnan(sums.loss)) return sums.loss;
  if (facts.metric == Metric::bits_per_character) {
    return sums.loss / (sums.weight * std::numbers::ln2);
  }
  if (facts.metric == Metric::perplexity) return std::exp(sums.loss / sums.weight);
  // Where no target has a label, the number of edits.
  if (facts.loss == LossKind::ctc) return sums.metric / (sums.labels > 0 ? sums.labels : 1);
  return sums.metric / sums.weight;
}

double sequence_accuracy(const LossSums& sums) {
  return std::isnan(sums.loss) ? sums.loss : sums.right_sequences / sums.sequences;
}

template <class S>
LossSums loss(LossKind kind, Seq<S> y, const Targets& targets, bool gradient) {
  if (kind == LossKind::ctc) return ctc_loss(y, targets, gradient);
  LossSums sums;
  const int positions = y.T * y.B;
  const auto at = [&](int p) { return y.p + static_cast<std::size_t>(p) * y.ld; };
  if (kind == LossKind::cross_entropy) {
    if (targets.misses) std::fill_n(targets.misses, y.B, 0);
    for (int p = 0; p < positions; p += chunk) {
      cross_entropy(at(p), y.F, y.ld, targets.label + p, targets.weight + p,
                    std::min(chunk, positions - p), gradient, {targets.misses, y.B, p}, sums);
    }
    if (targets.misses) {
      sums.sequences = y.B;
      sums.right_sequences =
          static_cast<double>(std::count(targets.misses, targets.misses + y.B, 0));
    }
    return sums;
  }
  const auto& of_values = kind == LossKind::mse ? squared_error<S> : binary_cross_entropy<S>;
  for (int p = 0; p < positions; ++p) {
    const double w = static_cast<double>(targets.weight[p]);
    if (w == 0) {
      if (gradient) std::fill_n(at(p), y.ld, S{0});
    } else {
      of_values(at(p), y.F, y.ld, targets.y + static_cast<std::size_t>(p) * y.F, w, gradient, sums);
    }
  }
  return sums;
}

template LossSums loss(LossKind, Seq<float>, const Targets&, bool);
template LossSums loss(LossKind, Seq<double>, const Targets&, bool);

}  // namespace rnnlab
