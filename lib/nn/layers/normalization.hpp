#pragma once

#include <cmath>
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

  /// x, y: columns `ld…` apart; `normed` [b, rows] and `deviation` [b, slots] (1/√…) are kept.
  void forward(const S* x, int ld_x, const S* scale, S* y, int ld_y, S* normed, S* deviation,
               int b) const {
    for_each_group(b, [&](int column, int slot) {
      const S* from = x + size(column, ld_x);
      S* to = y + size(column, ld_y);
      S* kept = normed + size(column, rows());
      Lane<S> sum = Lane<S>::Zero(), squares = Lane<S>::Zero();
      for_each_lane(slot, [&](int at, int real) { sum += only(load(from + at), real); });
      const S mean = sum.sum() / static_cast<S>(units_);
      for_each_lane(slot, [&](int at, int real) {
        const Lane<S> d = only(Lane<S>(load(from + at) - mean), real);
        squares += d * d;
        store(kept + at, d);
      });
      const S inverse =
          S{1} / std::sqrt(squares.sum() / static_cast<S>(units_) + static_cast<S>(epsilon));
      deviation[column * slots_ + slot] = inverse;
      for_each_lane(slot, [&](int at, int) {
        const Lane<S> hat = load(kept + at) * inverse;
        store(kept + at, hat);
        store<S>(to + at, load(to + at) + load(scale + at) * hat);
      });
    });
  }

  /// dx is written, or added to if `accumulate`.
  void backward(const S* dy, int ld_dy, const S* scale, const S* normed, const S* deviation,
                S* dscale, S* dx, int ld_dx, bool accumulate, int b) const {
    for_each_group(b, [&](int column, int slot) {
      const S* from = dy + size(column, ld_dy);
      const S* hat = normed + size(column, rows());
      S* to = dx + size(column, ld_dx);
      Lane<S> sum = Lane<S>::Zero(), along = Lane<S>::Zero();
      for_each_lane(slot, [&](int at, int) {
        const Lane<S> g = load(from + at) * load(scale + at), h = load(hat + at);
        sum += g;
        along += g * h;
        store<S>(dscale + at, load(dscale + at) + load(from + at) * h);
      });
      const S inverse = deviation[column * slots_ + slot];
      const S mean = sum.sum() / static_cast<S>(units_);
      const S mean_along = along.sum() / static_cast<S>(units_);
      for_each_lane(slot, [&](int at, int real) {
        const Lane<S> g = load(from + at) * load(scale + at);
        Lane<S> d = only(Lane<S>(inverse * (g - mean - load(hat + at) * mean_along)), real);
        if (accumulate) d += load(to + at);
        store(to + at, d);
      });
    });
  }

 private:
  static constexpr int L = lanes<S>;

  static Lane<S> only(const Lane<S>& v, int real) {
    return real >= L ? v : first_lanes(v, real, S{0});
  }
  template <class F>
  void for_each_group(int b, F&& f) const {
    for (int column = 0; column < b; ++column) {
      for (int slot = 0; slot < slots_; ++slot) f(column, slot);
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
