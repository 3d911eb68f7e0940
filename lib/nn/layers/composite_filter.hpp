#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "math/lanes.hpp"
#include "nn/layers/composite_frame.hpp"

namespace rnnlab {

// How a step program takes its input as a signal; and its filter,
//
//   F_t = Σ_{j=1…K} w_j(d_t) ∘ s_{t−first−(j−1)},   w_0 = 1,   w_j = w_{j−1} (j − 1 − d) / j,
//
// the weights of (1 − L)^d.

/// made_t = x_t, of symbols one-hot.
template <class S>
void take_input(const CompositeParts<S>& parts, const CompositeFrame<S>& f, Seq<const S> x,
                int made, int t) {
  const int ld = parts.at(made).ld;
  for (int column = 0; column < x.B; ++column) {
    S* const to = f.value(made, t) + size(column, ld);
    const int given = x.symbol ? 0 : x.F;
    if (given > 0) std::copy_n(x.at(t, column), given, to);
    std::fill_n(to + given, ld - given, S{0});
    if (x.symbol) to[x.symbol[size(t, x.B) + static_cast<std::size_t>(column)]] = S{1};
  }
}

/// Adds to a ∂L/∂x_t that a product has written.
template <class S>
void take_input_back(const CompositeParts<S>& parts, const CompositeFrame<S>& f, int made, int t) {
  const int ld_from = parts.at(made).ld, ld_to = f.all_dx().ld;
  for (int column = 0; column < f.columns(); ++column) {
    const S* const from = f.adjoint(made, t) + size(column, ld_from);
    S* const to = f.dx(t) + size(column, ld_to);
    for (int i = 0; i < parts.inputs; ++i) to[i] += from[i];
  }
}

/// Lane group u of some neighbouring columns of a filter's signals at step t. They are filtered
/// side by side, as a weight waits for the one before it; always so many, that a column's bits do
/// not depend on its place: where there are fewer, the last one stands for the others too.
template <class S>
struct FilteredColumns {
  static constexpr int width = 4;

  const CompositeParts<S>& parts;
  const CompositeFrame<S>& f;
  const StepProgram::Filter& op;
  const int t, first, u;
  const int count = std::min(width, f.columns() - first);
  const int ld = parts.at(op.made).ld;
  /// Lags that can be other than zero.
  const int lags = std::min(op.lags, t - op.first + 1 - f.earliest());

  std::size_t at(int k) const {
    return size(first + std::min(k, count - 1), ld) + static_cast<std::size_t>(u);
  }
  std::array<Lane<S>, width> loaded(const S* p) const {
    std::array<Lane<S>, width> all;
    for (int k = 0; k < width; ++k) all[k] = load(p + at(k));
    return all;
  }
  int step(int j) const { return t - op.first - (j - 1); }
};

/// Calls use(columns) for all of a step.
template <class S, class F>
void for_filtered_columns(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                          const StepProgram::Filter& op, int t, F&& use) {
  for (int first = 0; first < f.columns(); first += FilteredColumns<S>::width) {
    for (int u = 0; u < parts.at(op.made).ld; u += lanes<S>)
      use(FilteredColumns<S>{parts, f, op, t, first, u});
  }
}

template <class S>
void filter(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
            const StepProgram::Filter& op, int t) {
  constexpr int N = FilteredColumns<S>::width;
  for_filtered_columns(parts, f, op, t, [&](const FilteredColumns<S>& c) {
    const auto d = c.loaded(f.value(op.order, t));
    std::array<Lane<S>, N> w, sum;
    w.fill(Lane<S>::Ones()), sum.fill(Lane<S>::Zero());
    for (int j = 1; j <= c.lags; ++j) {
      const S lag = static_cast<S>(j - 1), inverse = S{1} / static_cast<S>(j);
      const S* const from = f.value(op.from, c.step(j));
      for (int k = 0; k < N; ++k) {
        w[k] *= (lag - d[k]) * inverse;
        sum[k] += w[k] * load(from + c.at(k));
      }
    }
    for (int k = 0; k < c.count; ++k) store<S>(f.value(op.made, t) + c.at(k), sum[k]);
  });
}

/// ∂L/∂s_{t−…} += w_j ∘ ∂L/∂F_t and ∂L/∂d_t += Σ_j ∂w_j/∂d ∘ s_{t−…} ∘ ∂L/∂F_t, where
/// ∂w_j/∂d = (∂w_{j−1}/∂d (j − 1 − d) − w_{j−1}) / j.
template <class S>
void filter_back(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                 const StepProgram::Filter& op, int t) {
  constexpr int N = FilteredColumns<S>::width;
  for_filtered_columns(parts, f, op, t, [&](const FilteredColumns<S>& c) {
    const auto d = c.loaded(f.value(op.order, t)), dy = c.loaded(f.adjoint(op.made, t));
    std::array<Lane<S>, N> w, slope, along;
    w.fill(Lane<S>::Ones()), slope.fill(Lane<S>::Zero()), along.fill(Lane<S>::Zero());
    for (int j = 1; j <= c.lags; ++j) {
      const S lag = static_cast<S>(j - 1), inverse = S{1} / static_cast<S>(j);
      const S* const from = f.value(op.from, c.step(j));
      S* const ds = f.adjoint(op.from, c.step(j));
      for (int k = 0; k < N; ++k) {
        slope[k] = (slope[k] * (lag - d[k]) - w[k]) * inverse;
        w[k] *= (lag - d[k]) * inverse;
        along[k] += slope[k] * load(from + c.at(k));
        if (k < c.count) store<S>(ds + c.at(k), load(ds + c.at(k)) + w[k] * dy[k]);
      }
    }
    S* const dd = f.adjoint(op.order, t);
    for (int k = 0; k < c.count; ++k) store<S>(dd + c.at(k), load(dd + c.at(k)) + along[k] * dy[k]);
  });
}

}  // namespace rnnlab
