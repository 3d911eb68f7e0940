#pragma once

#include <string>
#include <vector>

#include "reference/named.hpp"

namespace rnnlab::reference {

template <class V>
using Matrix = std::vector<Vector<V>>;

template <class V>
Vector<V> operator*(const Matrix<V>& m, const Vector<V>& x) {
  Vector<V> y;
  for (const Vector<V>& row : m) {
    V sum(0);
    for (std::size_t j = 0; j < x.size(); ++j) sum += row[j] * x[j];
    y.push_back(sum);
  }
  return y;
}

template <class V>
Matrix<V> operator*(const Matrix<V>& a, const Matrix<V>& b) {
  Matrix<V> c = a;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a.size(); ++j) {
      c[i][j] = V(0);
      for (std::size_t k = 0; k < a.size(); ++k) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}

/// a + s b
template <class V>
Matrix<V> plus(Matrix<V> a, double s, const Matrix<V>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a.size(); ++j) a[i][j] += V(s) * b[i][j];
  }
  return a;
}

template <class V>
Matrix<V> one(std::size_t n) {
  Matrix<V> m(n, Vector<V>(n, V(0)));
  for (std::size_t i = 0; i < n; ++i) m[i][i] = V(1);
  return m;
}

/// Σ_k X^k / k! at X = S / 2⁵, squared five times.
template <class V>
Matrix<V> matrix_exponential(const Matrix<V>& S) {
  const Matrix<V> small = plus(S, -31.0 / 32, S);
  Matrix<V> sum = one<V>(S.size()), power = sum;
  double factorial = 1;
  for (int k = 1; k <= 16; ++k) {
    power = power * small;
    factorial *= k;
    sum = plus(sum, 1 / factorial, power);
  }
  for (int k = 0; k < 5; ++k) sum = sum * sum;
  return sum;
}

/// X of A X = B by Gauss's elimination, whose pivots are no trouble in I + S.
template <class V>
Matrix<V> solved(Matrix<V> A, Matrix<V> B) {
  const std::size_t n = A.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const V factor = A[i][k] / A[k][k];
      for (std::size_t j = 0; j < n; ++j) {
        A[i][j] = A[i][j] - factor * A[k][j];
        B[i][j] = B[i][j] - factor * B[k][j];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) B[i][j] = B[i][j] / A[i][i];
  }
  return B;
}

/// W_hh where it is a function of A, e^S or (I + S)⁻¹ (I − S), S = A − Aᵀ, times D, whose last
/// entries are −1; else nothing.
template <class V, class Options>
Matrix<V> orthogonal(const Named<V>& theta, const Options& o, const std::string& suffix) {
  if (o.recurrent_map == "none") return {};
  const auto n = static_cast<std::size_t>(o.hidden);
  Matrix<V> S = one<V>(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      S[i][j] =
          theta.entry("skew_hh" + suffix, i * n + j) - theta.entry("skew_hh" + suffix, j * n + i);
  }
  Matrix<V> W = o.recurrent_map == "exp" ? matrix_exponential(S)
                                         : solved(plus(one<V>(n), 1, S), plus(one<V>(n), -1, S));
  const auto negative =
      static_cast<std::size_t>(static_cast<double>(n) * static_cast<double>(o.negative_ones) + 0.5);
  for (Vector<V>& row : W) {
    for (std::size_t j = n - negative; j < n; ++j) row[j] = -row[j];
  }
  return W;
}

}  // namespace rnnlab::reference
