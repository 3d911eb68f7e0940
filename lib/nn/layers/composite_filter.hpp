#pragma once

#include <algorithm>
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

template <class S>
void filter(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
            const StepProgram::Filter& op, int t) {
  const int ld = parts.at(op.made).ld;
  for (int column = 0; column < f.columns(); ++column) {
    for (int u = 0; u < ld; u += lanes<S>) {
      const std::size_t at = size(column, ld) + static_cast<std::size_t>(u);
      const Lane<S> d = load(f.value(op.order, t) + at);
      Lane<S> w = Lane<S>::Ones(), sum = Lane<S>::Zero();
      for (int j = 1; j <= op.lags; ++j) {
        w *= (static_cast<S>(j - 1) - d) * (S{1} / static_cast<S>(j));
        sum += w * load(f.value(op.from, t - op.first - (j - 1)) + at);
      }
      store<S>(f.value(op.made, t) + at, sum);
    }
  }
}

/// ∂L/∂s_{t−…} += w_j ∘ ∂L/∂F_t and ∂L/∂d_t += Σ_j ∂w_j/∂d ∘ s_{t−…} ∘ ∂L/∂F_t, where
/// ∂w_j/∂d = (∂w_{j−1}/∂d (j − 1 − d) − w_{j−1}) / j.
template <class S>
void filter_back(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                 const StepProgram::Filter& op, int t) {
  const int ld = parts.at(op.made).ld;
  for (int column = 0; column < f.columns(); ++column) {
    for (int u = 0; u < ld; u += lanes<S>) {
      const std::size_t at = size(column, ld) + static_cast<std::size_t>(u);
      const Lane<S> d = load(f.value(op.order, t) + at), dy = load(f.adjoint(op.made, t) + at);
      Lane<S> w = Lane<S>::Ones(), slope = Lane<S>::Zero(), along = Lane<S>::Zero();
      for (int j = 1; j <= op.lags; ++j) {
        const int from = t - op.first - (j - 1);
        const S inverse = S{1} / static_cast<S>(j);
        slope = (slope * (static_cast<S>(j - 1) - d) - w) * inverse;
        w *= (static_cast<S>(j - 1) - d) * inverse;
        along += slope * load(f.value(op.from, from) + at);
        S* const ds = f.adjoint(op.from, from) + at;
        store<S>(ds, load(ds) + w * dy);
      }
      S* const dd = f.adjoint(op.order, t) + at;
      store<S>(dd, load(dd) + along * dy);
    }
  }
}

}  // namespace rnnlab
