#pragma once

#include <algorithm>
#include <cstddef>

#include "base/view.hpp"
#include "math/lanes.hpp"
#include "nn/layers/row_blocks.hpp"
#include "nn/steps/rule.hpp"

namespace rnnlab {

/// Layer normalisation of b columns, each slot over its own H units (Ba, Kiros, Hinton 2016):
///
///   x̂ = (x − mean) / √(variance + 1e-5)        y += γ ∘ x̂
///   with g = γ ∘ ∂L/∂y:   ∂L/∂x = (g − mean(g) − x̂ mean(g ∘ x̂)) / √(variance + 1e-5)
///                         ∂L/∂γ += Σ ∂L/∂y ∘ x̂
///
/// Columns and γ are in the order of RowBlocks; the mean is over real units, the variance is the
/// biased one.
template <class S>
class Normalization {
 public:
  static constexpr double epsilon = 1e-5;

  Normalization(int units, int slots) : units_(units), slots_(slots), padded_(round_up(units, L)) {}

  int slots() const { return slots_; }
  int rows() const { return slots_ * padded_; }

  /// x, y: columns `ld…` apart; `normed` [b, rows] and `deviation` [slots, b] (1/√…) are kept.
  void forward(const S* x, int ld_x, const S* scale, S* y, int ld_y, S* normed, S* deviation,
               int b) const {
    for_each_group(b, [&](int slot, int first, int count) {
      Part parts[L] = {};
      for (int k = 0; k < count; ++k) {
        const S* from = x + size(first + k, ld_x);
        for_each_lane(slot, [&](int at, int real) { parts[k] += of(from + at, real); });
      }
      const Part mean = sums_of_lanes<S>(parts) / static_cast<S>(units_);
      std::fill_n(parts, L, Part{});
      for (int k = 0; k < count; ++k) {
        const S* from = x + size(first + k, ld_x);
        S* kept = normed + size(first + k, rows());
        const Lane<S> shift = Lane<S>::Constant(mean[k]);
        for_each_lane(slot, [&](int at, int real) {
          const Lane<S> d = only(Lane<S>(load(from + at) - shift), real);
          parts[k] += Register<S>::of(Lane<S>(d * d));
          store(kept + at, d);
        });
      }
      const Part variance = sums_of_lanes<S>(parts) / static_cast<S>(units_);
      const Lane<S> inverse =
          Register<S>::lane(variance + static_cast<S>(epsilon)).sqrt().inverse();
      for (int k = 0; k < count; ++k) {
        S* to = y + size(first + k, ld_y);
        S* kept = normed + size(first + k, rows());
        const Lane<S> factor = Lane<S>::Constant(inverse[k]);
        deviation[slot * b + first + k] = inverse[k];
        for_each_lane(slot, [&](int at, int) {
          const Lane<S> hat = load(kept + at) * factor;
          store(kept + at, hat);
          store<S>(to + at, load(to + at) + load(scale + at) * hat);
        });
      }
    });
  }

  /// dx is written, or added to if `accumulate`.
  void backward(const S* dy, int ld_dy, const S* scale, const S* normed, const S* deviation,
                S* dscale, S* dx, int ld_dx, bool accumulate, int b) const {
    for_each_group(b, [&](int slot, int first, int count) {
      Part sums[L] = {}, along[L] = {};
      for (int k = 0; k < count; ++k) {
        const S* from = dy + size(first + k, ld_dy);
        const S* hat = normed + size(first + k, rows());
        for_each_lane(slot, [&](int at, int) {
          const Lane<S> d = load(from + at), h = load(hat + at), g = d * load(scale + at);
          sums[k] += Register<S>::of(g);
          along[k] += Register<S>::of(Lane<S>(g * h));
          store<S>(dscale + at, load(dscale + at) + d * h);
        });
      }
      const Part mean = sums_of_lanes<S>(sums) / static_cast<S>(units_);
      const Part mean_along = sums_of_lanes<S>(along) / static_cast<S>(units_);
      for (int k = 0; k < count; ++k) {
        const S* from = dy + size(first + k, ld_dy);
        const S* hat = normed + size(first + k, rows());
        S* to = dx + size(first + k, ld_dx);
        const Lane<S> inverse = Lane<S>::Constant(deviation[slot * b + first + k]);
        const Lane<S> m = Lane<S>::Constant(mean[k]), n = Lane<S>::Constant(mean_along[k]);
        for_each_lane(slot, [&](int at, int real) {
          const Lane<S> g = load(from + at) * load(scale + at);
          Lane<S> d = only(Lane<S>(inverse * (g - m - load(hat + at) * n)), real);
          if (accumulate) d += load(to + at);
          store(to + at, d);
        });
      }
    });
  }

 private:
  static constexpr int L = lanes<S>;
  using Part = typename Register<S>::Type;

  static Lane<S> only(const Lane<S>& v, int real) {
    return real >= L ? v : first_lanes(v, real, S{0});
  }
  static Part of(const S* from, int real) { return Register<S>::of(only(load(from), real)); }
  /// f(slot, first column, columns), as many columns as there are lanes: their sums are folded
  /// together.
  template <class F>
  void for_each_group(int b, F&& f) const {
    for (int slot = 0; slot < slots_; ++slot) {
      for (int first = 0; first < b; first += L) f(slot, first, std::min(L, b - first));
    }
  }
  /// f(place in the column, real units from there on)
  template <class F>
  void for_each_lane(int slot, F&& f) const {
    for (int u = 0; u < padded_; u += L) {
      f(place_in_column<S>(slots_, padded_, slot, u), units_ - u);
    }
  }

  int units_, slots_, padded_;
};

}  // namespace rnnlab
