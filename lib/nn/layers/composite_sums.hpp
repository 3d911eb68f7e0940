#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "base/phases.hpp"
#include "nn/layers/composite_frame.hpp"
#include "nn/layers/composite_parts.hpp"
#include "nn/layers/composite_weights.hpp"
#include "nn/layers/outer_products.hpp"

namespace rnnlab {

// The sums of a step program, target = Σ biases + Σ W·from + Σ scale ∘ LN(from), for one call of a
// layer: its products are looked up once.

template <class S>
class SumsForward {
 public:
  using Parts = CompositeParts<S>;
  using Sum = typename Parts::Sum;

  /// `from_zero`: what is read before the first step is zero.
  SumsForward(const Parts& parts, const typename CompositeWeights<S>::Packed& w,
              const CompositeFrame<S>& f, Seq<const S> x, bool from_zero)
      : parts_(parts), w_(w), f_(f), x_(x), from_zero_(from_zero) {
    parts.for_each_sum([&](std::size_t, const Sum& sum) {
      for (std::size_t p = sum.first_product; p < sum.end_product; ++p) {
        const int from = parts.products[p].program.from.signal;
        product_[p].emplace(parts.products[p].affine, x.B,
                            from == StepProgram::input ? x.ld : parts.at(from).ld,
                            parts.at(sum.target).ld);
      }
    });
  }

  void operator()(std::size_t operation, const Sum& sum, int t) const {
    const auto& target = parts_.at(sum.target);
    S* const y = f_.value(sum.target, t);
    for (int k = 0; k < sum.rows.count(); ++k) {
      const int first = target.slots * sum.rows.begin(k);
      const int height = target.slots * sum.rows.width(k);
      enter_phase(Phase::input_product);
      for (int column = 0; column < x_.B; ++column) {
        std::copy_n(w_.bias[operation] + first, height, y + size(column, target.ld) + first);
      }
      for (std::size_t p = sum.first_product; p < sum.end_product; ++p) {
        const auto& [signal, delay] = parts_.products[p].program.from;
        const S* const weight = w_.w[p].w;
        if (signal != StepProgram::input) {
          enter_phase(Phase::recurrent_product);
          if (t < delay && from_zero_) continue;
          (*product_[p])(k, weight, f_.value(signal, t - delay), y);
        } else if (x_.symbol) {
          product_[p]->picked(k, weight, x_.symbol + size(t, x_.B), y);
        } else {
          (*product_[p])(k, weight, x_.at(t), y);
        }
      }
    }
    enter_phase(Phase::pointwise);
    for (std::size_t n = sum.first_norm; n < sum.end_norm; ++n) {
      const auto& [norm, program] = parts_.norms[n];
      const auto& [signal, delay] = program.from;
      norm.forward(f_.value(signal, t - delay), parts_.at(signal).ld, w_.scale[n], y, target.ld,
                   f_.normed(n, t), f_.deviation(n, t), x_.B);
    }
  }

 private:
  const Parts& parts_;
  const typename CompositeWeights<S>::Packed& w_;
  const CompositeFrame<S>& f_;
  const Seq<const S> x_;
  const bool from_zero_;
  std::array<std::optional<typename Affine<S>::Forward>, Parts::most_products> product_;
};

template <class S>
class SumsBackward {
 public:
  using Parts = CompositeParts<S>;
  using Sum = typename Parts::Sum;

  SumsBackward(const Parts& parts, const typename CompositeWeights<S>::Packed& w,
               const typename CompositeWeights<S>::Slab& g, const CompositeFrame<S>& f,
               Seq<const S> x, bool input_gradient)
      : parts_(parts), w_(w), g_(g), f_(f), x_(x) {
    parts.for_each_sum([&](std::size_t, const Sum& sum) {
      const int ld = parts.at(sum.target).ld_adjoint;
      for (std::size_t p = sum.first_product; p < sum.end_product; ++p) {
        const auto& [affine, program, first_by_input] = parts.products[p];
        const int from = program.from.signal;
        const bool by_input = from == StepProgram::input;
        if (by_input ? input_gradient : !program.cut) {
          through_[p].emplace(affine, x.B, ld, by_input ? f.all_dx().ld : parts.at(from).ld,
                              !first_by_input);
        }
        if (!by_input || x.p) {
          outer_[p].emplace(affine.rows(), affine.inputs(), x.T, x.B, ld,
                            by_input ? x.ld : parts.at(from).ld);
        }
      }
    });
  }

  /// From the target's adjoint at t to those of what it was made from, and the norms' scales.
  void operator()(const Sum& sum, int t) const {
    const S* const dy = f_.adjoint(sum.target, t);
    for (std::size_t n = sum.end_norm; n-- > sum.first_norm;) {
      const auto& [norm, program] = parts_.norms[n];
      const auto& from = parts_.at(program.from.signal);
      norm.backward(dy, parts_.at(sum.target).ld_adjoint, w_.scale[n], f_.normed(n, t),
                    f_.deviation(n, t), g_.scale[n],
                    f_.adjoint(program.from.signal, t - program.from.delay), from.ld_adjoint,
                    !from.pre, x_.B);
    }
    for (std::size_t p = sum.end_product; p-- > sum.first_product;) {
      const auto& through = through_[p];
      if (!through) continue;
      const auto& [signal, delay] = parts_.products[p].program.from;
      S* const dx = signal == StepProgram::input ? f_.dx(t) : f_.adjoint(signal, t - delay);
      for (int k = 0; k < through->panels(); ++k) (*through)(k, w_.w[p].wt, dy, dx);
    }
  }

  /// Of the steps [t0, t0 + n), a time block: biases and matrices.
  void add_weight_gradients(std::size_t operation, const Sum& sum, int t0, int n) const {
    const auto& target = parts_.at(sum.target);
    const int columns = n * x_.B, ld = target.ld_adjoint;
    const S* const dy = f_.adjoint(sum.target, t0);
    for (int u = 0; u < target.rows(); u += lanes<S>) {
      Lane<S> all = load(g_.bias[operation] + u);
      for (int column = 0; column < columns; ++column) all += load(dy + size(column, ld) + u);
      store(g_.bias[operation] + u, all);
    }
    for (std::size_t p = sum.first_product; p < sum.end_product; ++p) {
      const auto& [affine, program, first_by_input] = parts_.products[p];
      const auto& [signal, delay] = program.from;
      const RowBlocks<S>& rows = affine.rows();
      if (signal != StepProgram::input) {
        outer_[p]->add(dy, f_.value(signal, t0 - delay), n, g_.w[p]);
      } else if (x_.symbol) {
        for (int k = 0; k < rows.count(); ++k) {
          const int row = rows.gates() * rows.begin(k);
          add_to_picked(dy + row, ld, rows.gates() * rows.width(k), x_.symbol + size(t0, x_.B),
                        columns, g_.w[p] + size(affine.inputs(), row));
        }
      } else {
        outer_[p]->add(dy, x_.at(t0), n, g_.w[p]);
      }
    }
  }

 private:
  const Parts& parts_;
  const typename CompositeWeights<S>::Packed& w_;
  const typename CompositeWeights<S>::Slab& g_;
  const CompositeFrame<S>& f_;
  const Seq<const S> x_;
  std::array<std::optional<typename Affine<S>::Backward>, Parts::most_products> through_;
  std::array<std::optional<OuterProducts<S>>, Parts::most_products> outer_;
};

}  // namespace rnnlab
