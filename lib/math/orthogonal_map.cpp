#include "math/orthogonal_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

// Eigen 3.4 uses std::initializer_list without including it.
#include <Eigen/LU>
#include <initializer_list>

#include "math/gemm.hpp"

namespace rnnlab {
namespace {

using Matrix = Eigen::MatrixXd;
using Map = Eigen::Map<Matrix>;
using In = Eigen::Map<const Matrix>;

/// So many matrices [n, n] of this thread.
double* room(int matrices, int n) {
  thread_local std::vector<double> memory;
  const auto wanted = static_cast<std::size_t>(matrices) * static_cast<std::size_t>(n) *
                      static_cast<std::size_t>(n);
  if (memory.size() < wanted) memory.resize(wanted);
  return memory.data();
}

/// e^X and, with a direction E, its derivative along it, by Taylor's polynomial of degree 12 at
/// X / 2^k, 1-norm ≤ 1/4 (remainder below 3e-18), which is then squared k times:
///
///   T(X) = B_0 + X³ (B_1 + X³ (B_2 + X³ (B_3 + X³ / 12!))),  B_i = Σ_{j<3} X^j X^{3i} / (3i + j)!
///
/// Every product is differentiated by the product rule (Al-Mohy, Higham 2009).
class Exponential {
 public:
  Exponential(int n, const double* x, const double* direction)
      : n_(n),
        with_(direction != nullptr),
        multiply_({.m = n, .n = n, .k = n, .lda = n, .ldb = n, .ldc = n, .accumulate = false}),
        add_({.m = n, .n = n, .k = n, .lda = n, .ldb = n, .ldc = n}) {
    const std::size_t size = static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
    double* memory = room(10, n);
    for (Pair* p : {&x_, &x2_, &x3_, &p_, &next_}) {
      p->value = memory, p->along = memory + size;
      memory += 2 * size;
    }
    const double norm = In(x, n, n).cwiseAbs().colwise().sum().maxCoeff();
    if (norm > 0.25 && std::isfinite(norm)) squarings_ = std::ilogb(norm / 0.25) + 1;
    const double scale = std::ldexp(1.0, -squarings_);
    at(x_.value) = In(x, n, n) * scale;
    if (with_) at(x_.along) = In(direction, n, n) * scale;
  }

  /// Its value and its derivative; valid until this thread's next.
  struct Result {
    const double *value, *along;
  };
  Result operator()() {
    product(x_, x_, x2_);
    product(x2_, x_, x3_);
    factorial_ = 1;
    for (int k = 2; k <= 12; ++k) factorial_ *= k;
    each(p_, x3_, [&](double* p, double* x3) { at(p) = at(x3) / factorial_; });
    add_terms(3);
    for (int i = 2; i >= 0; --i) {
      product(x3_, p_, next_);
      std::swap(p_, next_);
      add_terms(i);
    }
    for (int k = 0; k < squarings_; ++k) {
      product(p_, p_, next_);
      std::swap(p_, next_);
    }
    return {p_.value, p_.along};
  }

 private:
  struct Pair {
    double *value, *along;
  };
  template <class F>
  void each(const Pair& a, const Pair& b, F&& f) const {
    f(a.value, b.value);
    if (with_) f(a.along, b.along);
  }
  Map at(double* p) const { return Map(p, n_, n_); }

  /// c = a b, and along the direction a' b + a b'.
  void product(const Pair& a, const Pair& b, const Pair& c) const {
    multiply_(a.value, b.value, c.value);
    if (!with_) return;
    multiply_(a.along, b.value, c.along);
    add_(a.value, b.along, c.along);
  }
  /// p += B_i
  void add_terms(int i) {
    std::array<double, 3> over;
    for (int j = 2; j >= 0; --j) {
      factorial_ /= 3 * i + j + 1;
      over[static_cast<std::size_t>(j)] = 1 / factorial_;
    }
    each(p_, x_, [&](double* p, double* x) { at(p) += over[1] * at(x); });
    each(p_, x2_, [&](double* p, double* x2) { at(p) += over[2] * at(x2); });
    at(p_.value).diagonal().array() += over[0];
  }

  const int n_;
  const bool with_;
  const Product<double> multiply_, add_;
  Pair x_{}, x2_{}, x3_{}, p_{}, next_{};
  int squarings_ = 0;
  double factorial_ = 1;  // (3 i)! after the terms of B_i
};

/// The factors of I + sign · S, valid until this thread's next.
const Eigen::PartialPivLU<Matrix>& factors(int n, const double* skew, double sign) {
  thread_local Eigen::PartialPivLU<Matrix> lu;
  thread_local Matrix sum;
  sum = sign * In(skew, n, n);
  sum.diagonal().array() += 1;
  lu.compute(sum);
  return lu;
}

}  // namespace

void orthogonal_from_skew(OrthogonalMap map, int n, const double* skew, double* w) {
  if (map == OrthogonalMap::exp) {
    In result(Exponential(n, skew, nullptr)().value, n, n);
    Map(w, n, n) = result;
    return;
  }
  Map right(room(1, n), n, n);
  right = -In(skew, n, n);
  right.diagonal().array() += 1;
  Map(w, n, n) = factors(n, skew, 1).solve(right);
}

void orthogonal_adjoint(OrthogonalMap map, int n, const double* skew, const double* dw,
                        double* dskew) {
  Map out(dskew, n, n);
  if (map == OrthogonalMap::exp) {
    thread_local Matrix transposed;
    transposed = -In(skew, n, n);
    out = In(Exponential(n, transposed.data(), dw)().along, n, n);
    return;
  }
  // dW = −(I + S)⁻¹ dS (I + W), so ∂L/∂S = −(I + S)⁻ᵀ G (I + W)ᵀ, (I + S)ᵀ = I − S.
  Map w(room(2, n), n, n), right(w.data() + w.size(), n, n);
  right = -In(skew, n, n);
  right.diagonal().array() += 1;
  w = factors(n, skew, 1).solve(right);
  w.diagonal().array() += 1;
  right.noalias() = In(dw, n, n) * w.transpose();
  out = -factors(n, skew, -1).solve(right);
}

}  // namespace rnnlab
