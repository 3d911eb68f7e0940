#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include "base/arena.hpp"
#include "base/view.hpp"
#include "nn/layers/composite_parts.hpp"
#include "nn/steps/rule.hpp"

namespace rnnlab {

/// The activations of a step program for T steps of b columns: values that are kept, scratch of one
/// step, and the rings of adjoints.
template <class S>
class CompositeFrame {
 public:
  using Parts = CompositeParts<S>;

  CompositeFrame(Carver<S>& c, const Parts& parts, int T, int b, bool input_gradient)
      : parts_(parts), T_(T), b_(b), ld_dx_(round_up(parts.inputs, lanes<S>)) {
    for (std::size_t i = 0; i < parts.signals.size(); ++i) {
      const auto& s = parts.signals[i];
      value_[i] = c.take(size(s.pre ? 1 : s.past + T, b, s.ld));
      adjoint_[i] = c.take(size(s.ring, b, s.ld_adjoint));
    }
    parts.for_each_operation([&](std::size_t i, const auto& op) {
      if constexpr (requires { op.rule; }) keep_[i] = c.take(kept_by(op) * size(T, b));
    });
    for (std::size_t i = 0; i < parts.norms.size(); ++i) {
      normed_[i] = c.take(size(T, b, parts.norms[i].norm.rows()));
      deviation_[i] = c.take(size(T, b, parts.norms[i].norm.slots()));
    }
    dx_ = c.take(input_gradient ? size(T, b, ld_dx_) : 0);
    dx_exponent_ = take_ints(c, input_gradient ? size(T, b) : 0);
    earliest_ = take_ints(c, 1);
  }

  int columns() const { return b_; }

  /// [b, ld] at step t ≥ −past; a pre-activation has the last step's alone.
  S* value(int signal, int t) const {
    const auto& s = parts_.at(signal);
    return value_[index(signal)] + (s.pre ? 0 : size(t + s.past, b_, s.ld));
  }
  Seq<S> values(int signal) const {
    const auto& s = parts_.at(signal);
    return {value(signal, 0), T_, b_, s.units, s.ld};
  }
  /// [b, ld_adjoint] at step t ≥ −past.
  S* adjoint(int signal, int t) const {
    const auto& s = parts_.at(signal);
    return adjoint_[index(signal)] + size((t + s.ring) % s.ring, b_, s.ld_adjoint);
  }
  S* ring(int signal) const { return adjoint_[index(signal)]; }

  /// What norm n keeps of step t.
  S* normed(std::size_t n, int t) const {
    return normed_[n] + size(t, b_, parts_.norms[n].norm.rows());
  }
  S* deviation(std::size_t n, int t) const {
    return deviation_[n] + size(t, b_, parts_.norms[n].norm.slots());
  }

  /// Before this step every state is zero; the forward pass says so to the backward one.
  int earliest() const { return *earliest_; }
  void begin_at_zero(bool zero) const {
    *earliest_ = zero ? 0 : std::numeric_limits<int>::min() / 2;
  }

  S* dx(int t) const { return dx_ + size(t, b_, ld_dx_); }
  Seq<S> all_dx() const { return {dx_, T_, b_, parts_.inputs, ld_dx_}; }
  int* dx_exponent() const { return dx_exponent_; }

  /// What the rule of an operation works on at step t, but for its own weights.
  RuleFields<S> fields(std::size_t operation, const StepProgram::Pointwise& op, int t) const {
    RuleFields<S> r;
    r.b = b_;
    r.padded = parts_.at(op.made[0]).padded;
    r.keep = keep_[operation] + kept_by(op) * size(t, b_);
    for (std::size_t j = 0; j < op.slots.size(); ++j) {
      const auto& [signal, slot] = op.slots[j];
      const auto& s = parts_.at(signal);
      r.slots[j] = {value(signal, t), s.ld, s.slots, slot};
      r.d_slots[j] = {adjoint(signal, t), s.ld_adjoint, s.slots, slot};
    }
    for (std::size_t j = 0; j < op.given.size(); ++j) {
      const auto& [signal, delay] = op.given[j];
      r.given[j] = {value(signal, t - delay), parts_.at(signal).ld};
      r.d_given[j] = {adjoint(signal, t - delay), parts_.at(signal).ld};
    }
    for (std::size_t j = 0; j < op.made.size(); ++j) {
      r.made[j] = {value(op.made[j], t), parts_.at(op.made[j]).ld};
      r.d_made[j] = {adjoint(op.made[j], t), parts_.at(op.made[j]).ld};
    }
    return r;
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  std::size_t kept_by(const StepProgram::Pointwise& op) const {
    return size(op.rule->saved, parts_.at(op.made[0]).padded);
  }

  const Parts& parts_;
  int T_, b_, ld_dx_;
  std::array<S*, Parts::most_signals> value_{};    // [past + T, b, ld]; of a pre-activation [b, ld]
  std::array<S*, Parts::most_signals> adjoint_{};  // [ring, b, ld_adjoint]
  std::array<S*, Parts::most_operations> keep_{};  // of rules: [T, b, saved · Hp]
  std::array<S*, Parts::most_norms> normed_{}, deviation_{};  // [T, b, rows], [T, b, slots]
  S* dx_;                                                     // [T, b, Ip]
  int* dx_exponent_;                                          // [T, b]
  int* earliest_;
};

}  // namespace rnnlab
