#include "nn/losses/ctc.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/arena.hpp"
#include "base/label_sequence.hpp"
#include "math/lanes.hpp"

namespace rnnlab {
namespace {

constexpr int L = lanes<double>;
using Eight = Lane<double>;

/// ln 0. Finite, so that the difference of two is 0, and beyond any sum of logarithms.
constexpr double never = -1e300;

[[gnu::always_inline]] inline Eight load_unaligned(const double* p) {
  return Eigen::Map<const Eight>(p);
}

[[gnu::always_inline]] inline Eight larger(const Eight& a, const Eight& b) {
  using R = Register<double>;
  return R::lane(R::of(a) < R::of(b) ? R::of(b) : R::of(a));
}

/// ln(e^a + e^b + e^c)
[[gnu::always_inline]] inline Eight log_sum(const Eight& a, const Eight& b, const Eight& c) {
  const Eight m = larger(larger(a, b), larger(c, Eight::Constant(never)));
  return m + ((a - m).exp() + (b - m).exp() + (c - m).exp()).log();
}

/// The memory of one example. Rows of states are `never` for a lane group before and after.
struct Lattice {
  int T, U, K, S, padded;
  double* alpha;        // [T] rows: ln α
  double* first;        // row: what the first step goes on from
  double* later;        // row: ln γ of the step after
  double* skip;         // row: 0 where skip_s, else never
  double* emitted;      // row: u_t(l'_s)
  double* share;        // row: α β / p
  double* log_p;        // [K, padded]: u_t
  double* sums;         // [K, padded]: shares by class
  std::int32_t* state;  // [S]: l'
  std::int32_t* label;  // [U]
  std::int32_t* path;   // [T]
  int* edits;           // [U + 1]

  Lattice(Carver<double>& carver, int steps, int labels, int classes)
      : T(steps), U(labels), K(classes), S(2 * U + 1), padded(round_up(S, L)) {
    const auto row = [&](int count) { return carver.take(size(count, width())) + L; };
    alpha = row(T);
    first = row(1);
    later = row(1);
    skip = row(1);
    emitted = row(1);
    share = row(1);
    log_p = carver.take(size(1, round_up(K, L)));
    sums = carver.take(size(1, round_up(K, L)));
    state = take_objects<std::int32_t>(carver, size(1, S));
    label = take_objects<std::int32_t>(carver, size(1, U));
    path = take_objects<std::int32_t>(carver, size(1, T));
    edits = take_ints(carver, size(1, U + 1));
  }
  int width() const { return padded + 2 * L; }
  double* alpha_of(int t) const { return alpha + size(t, width()); }

  void set(const std::int32_t* labels, int stride) const {
    std::fill_n(alpha - L, size(T + 5, width()), never);
    for (int s = 0; s < S; ++s) state[s] = ctc_blank;
    for (int u = 0; u < U; ++u) {
      label[u] = state[2 * u + 1] = labels[size(u, stride)];
      if (u > 0 && label[u] != label[u - 1]) skip[2 * u + 1] = 0;
    }
    first[0] = later[S - 1] = 0;
  }

  /// u_t, and what the states have of it.
  template <class V>
  void read(const V* y) const {
    const double largest = static_cast<double>(*std::max_element(y, y + K));
    std::fill_n(log_p, round_up(K, L), never);
    for (int k = 0; k < K; ++k) log_p[k] = static_cast<double>(y[k]) - largest;
    Eight total = Eight::Zero();
    for (int k = 0; k < K; k += L) total += load(log_p + k).exp();
    const double log_total = std::log(total.sum());
    for (int k = 0; k < K; k += L) store<double>(log_p + k, load(log_p + k) - log_total);
    for (int s = 0; s < S; ++s) emitted[s] = log_p[state[s]];
  }

  /// Fills α, and the best path; returns ln p.
  template <class V>
  double forward(Seq<V> y, int b) const {
    const double* before = first;
    for (int t = 0; t < T; ++t) {
      const V* const y_t = y.at(t, b);
      path[t] = static_cast<std::int32_t>(std::max_element(y_t, y_t + K) - y_t);
      read(y_t);
      double* const now = alpha_of(t);
      for (int s = 0; s < padded; s += L) {
        const Eight two = load_unaligned(before + s - 2) + load(skip + s);
        const Eight sum = log_sum(load(before + s), load_unaligned(before + s - 1), two);
        store<double>(now + s, sum + load(emitted + s));
      }
      before = now;
    }
    const double a = before[S - 1], b2 = before[S - 2], m = std::max({a, b2, never});
    return m + std::log(std::exp(a - m) + std::exp(b2 - m));
  }

  /// Overwrites y by w ∂(−ln p)/∂y.
  template <class V>
  void backward(Seq<V> y, int b, double w, double ln_p) const {
    for (int t = T - 1; t >= 0; --t) {
      V* const y_t = y.at(t, b);
      read(y_t);
      const double* const now = alpha_of(t);
      for (int s = 0; s < padded; s += L) {
        const Eight two = load_unaligned(later + s + 2) + load_unaligned(skip + s + 2);
        const Eight beta = log_sum(load(later + s), load_unaligned(later + s + 1), two);
        store<double>(share + s, (load(now + s) + beta - ln_p).exp());
        store<double>(later + s, beta + load(emitted + s));
      }
      std::fill_n(sums, round_up(K, L), 0.0);
      for (int s = 0; s < S; ++s) sums[state[s]] += share[s];
      for (int k = 0; k < K; k += L)
        store<double>(sums + k, w * (load(log_p + k).exp() - load(sums + k)));
      for (int k = 0; k < K; ++k) y_t[k] = static_cast<V>(sums[k]);
      std::fill(y_t + K, y_t + y.ld, V{0});
    }
  }

  int edits_of_best_path() const {
    const int found = collapse({path, size(1, T)});
    return levenshtein(std::span<const std::int32_t>(path, size(1, found)),
                       std::span<const std::int32_t>(label, size(1, U)), edits);
  }
};

}  // namespace

template <class S>
LossSums ctc_loss(Seq<S> y, const Targets& targets, bool gradient) {
  LossSums sums;
  const auto fill = [&](int b, int from, int to, int count, S value) {
    for (int t = from; t < to; ++t) std::fill_n(y.at(t, b), count, value);
  };
  for (int b = 0; b < y.B; ++b) {
    const int T = targets.length[b], U = targets.target_steps[b];
    const double w = T > 0 ? static_cast<double>(targets.weight[b]) : 0;
    if (gradient) fill(b, w == 0 ? 0 : T, y.T, y.ld, 0);
    if (w == 0) continue;

    Carver<double> carver(targets.scratch);
    const Lattice lattice(carver, T, U, y.F);
    lattice.set(targets.label + b, y.B);
    const double ln_p = lattice.forward(y, b);
    const bool possible = ln_p > never / 2;  // false for NaN as well
    const int edits = lattice.edits_of_best_path();
    sums.loss += w * (ln_p <= never / 2 ? std::numeric_limits<double>::infinity() : -ln_p);
    sums.weight += w * T;
    sums.metric += w * edits;
    sums.labels += w * U;
    sums.sequences += 1;
    sums.right_sequences += edits == 0;
    if (!gradient) continue;
    if (possible) {
      lattice.backward(y, b, w, ln_p);
    } else {
      fill(b, 0, T, y.ld, 0);
      fill(b, 0, T, y.F, std::numeric_limits<S>::quiet_NaN());
    }
  }
  return sums;
}

std::size_t ctc_scratch(int T, int U, int K) {
  return room_for<double>([&](Carver<double>& carver) { Lattice(carver, T, U, K); });
}

std::optional<int> too_long_target(const Batch& batch) {
  std::vector<std::int32_t> labels;
  for (int b = 0; b < batch.B; ++b) {
    const auto column = static_cast<std::size_t>(b);
    if (batch.weight[column] == 0) continue;
    labels.clear();
    for (int u = 0; u < batch.target_steps[column]; ++u)
      labels.push_back(batch.label[size(u, batch.B) + column]);
    if (fewest_steps(labels) > batch.length[column]) return b;
  }
  return std::nullopt;
}

template LossSums ctc_loss(Seq<float>, const Targets&, bool);
template LossSums ctc_loss(Seq<double>, const Targets&, bool);

}  // namespace rnnlab
