#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>

#include "base/view.hpp"
#include "math/ordered_sum.hpp"
#include "nn/layer.hpp"

namespace rnnlab {

/// Keeps a backward sweep in range. Each column's adjoint is held as value · 2^e with the value's
/// norm near 1; powers of two scale without rounding. What arrives from above has exponents of its
/// own.
template <class S>
class ScaledAdjoint {
 public:
  /// Columns [b] of one size, `ld` apart, that belong to the adjoint; or `sets` of them, one after
  /// the other.
  struct Columns {
    S* p;
    int ld;
    int sets = 1;
  };
  using List = std::initializer_list<Columns>;

  /// `sweep` null: a plain backward pass, in which none of the rest is called. `dx_exponent` [T, b]
  /// receives the returned dx's exponents; null: not wanted.
  ScaledAdjoint(const LogSweep* sweep, int b, int* dx_exponent)
      : sweep_(sweep), b_(b), dx_exponent_(dx_exponent) {
    if (sweep_) std::fill_n(sweep_->exponent, b_, nothing);
  }
  explicit operator bool() const { return sweep_ != nullptr; }

  /// Before step t: brings what runs back in a column and what arrives there to one exponent.
  /// `running` is scaled at once; `add` scales what the products and the layer above bring.
  template <class Range = List>
  void meet(int t, const Upstream<S>& dy, const Range& running) {
    for (int column = 0; column < b_; ++column) {
      int& e = sweep_->exponent[column];
      double* factor = sweep_->factor + 2 * column;
      factor[0] = factor[1] = 1;
      if (!arriving(dy, t, column)) continue;
      const int f = dy.exponent && !dy.last.p ? dy.exponent[dy.step(t, column) * b_ + column] : 0;
      const int common = std::max(e, f);
      factor[0] = power(e - common);
      factor[1] = power(f - common);
      e = common;
      for (const Columns& c : running) scale(c, column, factor[0]);
    }
  }

  /// to = to · (running factor) + what arrives · (its factor), for `width` rows from `begin` on.
  void add(int t, const Upstream<S>& dy, int column, S* to, int begin, int width) const {
    const S* from = arriving(dy, t, column);
    const S running = static_cast<S>(sweep_->factor[2 * column]);
    const S arrives = static_cast<S>(sweep_->factor[2 * column + 1]);
    for (int u = 0; u < width; ++u) {
      to[u] = running * to[u] + (from ? arrives * from[begin + u] : S{0});
    }
  }

  /// to += what arrives · (its factor), `width` rows; `to` is one of the running ones.
  void arrive(int t, const Upstream<S>& dy, int column, S* to, int width) const {
    const S* from = arriving(dy, t, column);
    const S arrives = static_cast<S>(sweep_->factor[2 * column + 1]);
    for (int u = 0; from && u < width; ++u) to[u] += arrives * from[u];
  }

  /// After step t, before `leave`: records ln ‖∂/∂h‖ of another state in a sweep of its own.
  void record(const LogSweep& to, int t, int H, Columns dh) const {
    for (int column = 0; column < b_; ++column) {
      const double norm = std::sqrt(sum_of_squares(at(dh, column), static_cast<std::size_t>(H)));
      to.log_hidden[size(t, to.ld) + static_cast<std::size_t>(column)] =
          std::log(norm) + sweep_->exponent[column] * std::log(2.0);
    }
  }

  /// After step t: records ln ‖∂/∂h‖ from `dh` [b, H] and brings everything that runs on back to
  /// norm 1, as the whole state's adjoint (`dh`, if any `dc`, and `pending`) has it.
  template <class Range = List, class Pending = List>
  void leave(int t, int H, Columns dh, Columns dc, const Range& running,
             const Pending& pending = {}) {
    const auto norm = [&](Columns c, int column) {
      return c.p ? std::sqrt(sum_of_squares(at(c, column), static_cast<std::size_t>(H))) : 0.0;
    };
    for (int column = 0; column < b_; ++column) {
      const double hidden = norm(dh, column);
      double state = std::hypot(hidden, norm(dc, column));
      for (const Columns& c : pending) state = std::hypot(state, whole_norm(c, column));
      int& e = sweep_->exponent[column];
      sweep_->log_hidden[static_cast<std::size_t>(t) * static_cast<std::size_t>(sweep_->ld) +
                         static_cast<std::size_t>(column)] = std::log(hidden) + e * std::log(2.0);
      int shift = state > 0 && std::isfinite(state) ? std::ilogb(state) : 0;
      if (std::abs(shift) < slack) shift = 0;
      e += shift;
      if (dx_exponent_) dx_exponent_[t * b_ + column] = e;
      if (shift == 0) continue;
      for (const Columns& c : running) scale(c, column, power(-shift));
    }
  }

 private:
  static constexpr int slack = 16;  // binades left alone
  static double power(int exponent) { return std::ldexp(1.0, std::max(exponent, -2000)); }
  S* at(Columns c, int column, int set = 0) const {
    return c.p + (static_cast<std::size_t>(set) * static_cast<std::size_t>(b_) +
                  static_cast<std::size_t>(column)) *
                     static_cast<std::size_t>(c.ld);
  }
  void scale(Columns c, int column, double factor) const {
    for (int set = 0; set < c.sets; ++set) {
      for (int u = 0; u < c.ld; ++u) at(c, column, set)[u] *= static_cast<S>(factor);
    }
  }
  double whole_norm(Columns c, int column) const {
    double sum = 0;
    for (int set = 0; set < c.sets; ++set) {
      sum += sum_of_squares(at(c, column, set), static_cast<std::size_t>(c.ld));
    }
    return std::sqrt(sum);
  }
  static const S* arriving(const Upstream<S>& dy, int t, int column) {
    if (dy.last.p && dy.length[column] - 1 == t) return dy.last.at(0, column);
    return dy.every.p ? dy.every.at(dy.step(t, column), column) : nullptr;
  }

  const LogSweep* sweep_;
  int b_;
  int* dx_exponent_;
};

}  // namespace rnnlab
