#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace rnnlab::reference {

/// Reverse-mode differentiation by the book, one scalar operation at a time (Linnainmaa 1970): each
/// operation on `Var`s leaves its operands' places and partial derivatives on the tape; the sweep
/// goes back over it once. Slow and plain on purpose: it is what the hand-written backward passes
/// are held against.
class Tape {
 public:
  struct Node {
    std::size_t from[2];
    double partial[2];
  };

  /// A new entry with up to two operands; returns its place. Place 0 stands for every constant.
  std::size_t add(std::size_t a, double partial_a, std::size_t b, double partial_b) {
    nodes_.push_back({{a, b}, {partial_a, partial_b}});
    adjoint_.push_back(0);
    return nodes_.size() - 1;
  }

  /// Adds to ∂L/∂(entry), before the sweep.
  void seed(std::size_t place, double value) { adjoint_[place] += value; }

  void sweep() {
    for (std::size_t i = nodes_.size(); i-- > 1;) {
      for (int k = 0; k < 2; ++k) adjoint_[nodes_[i].from[k]] += adjoint_[i] * nodes_[i].partial[k];
    }
  }

  double adjoint(std::size_t place) const { return place == 0 ? 0.0 : adjoint_[place]; }

 private:
  std::vector<Node> nodes_{Node{}};
  std::vector<double> adjoint_{0.0};
};

/// A number whose history is on a tape; a constant where it has none.
class Var {
 public:
  Var(double value = 0) : value_(value) {}
  /// A variable to differentiate by.
  Var(Tape& tape, double value) : tape_(&tape), place_(tape.add(0, 0, 0, 0)), value_(value) {}

  double value() const { return value_; }
  void seed(double adjoint) const {
    if (tape_) tape_->seed(place_, adjoint);
  }
  /// ∂L/∂this, after the sweep.
  double adjoint() const { return tape_ ? tape_->adjoint(place_) : 0.0; }

  friend Var operator+(const Var& a, const Var& b) { return {a.value_ + b.value_, a, 1, b, 1}; }
  friend Var operator-(const Var& a, const Var& b) { return {a.value_ - b.value_, a, 1, b, -1}; }
  friend Var operator*(const Var& a, const Var& b) {
    return {a.value_ * b.value_, a, b.value_, b, a.value_};
  }
  friend Var operator/(const Var& a, const Var& b) {
    return {a.value_ / b.value_, a, 1 / b.value_, b, -a.value_ / (b.value_ * b.value_)};
  }
  friend Var operator-(const Var& a) { return {-a.value_, a, -1, a, 0}; }
  Var& operator+=(const Var& b) { return *this = *this + b; }

  friend Var exp(const Var& a) { return {std::exp(a.value_), a, std::exp(a.value_), a, 0}; }
  friend Var log(const Var& a) { return {std::log(a.value_), a, 1 / a.value_, a, 0}; }
  friend Var sqrt(const Var& a) {
    return {std::sqrt(a.value_), a, 0.5 / std::sqrt(a.value_), a, 0};
  }
  friend Var tanh(const Var& a) {
    const double cosh = std::cosh(a.value_);
    return {std::tanh(a.value_), a, 1 / (cosh * cosh), a, 0};
  }
  friend Var cos(const Var& a) { return {std::cos(a.value_), a, -std::sin(a.value_), a, 0}; }
  friend Var sin(const Var& a) { return {std::sin(a.value_), a, std::cos(a.value_), a, 0}; }
  friend bool operator<(const Var& a, const Var& b) { return a.value_ < b.value_; }

 private:
  Var(double value, const Var& a, double partial_a, const Var& b, double partial_b)
      : tape_(a.tape_ ? a.tape_ : b.tape_), value_(value) {
    if (tape_) place_ = tape_->add(a.place_, partial_a, b.place_, partial_b);
  }

  Tape* tape_ = nullptr;
  std::size_t place_ = 0;
  double value_;
};

}  // namespace rnnlab::reference
