#include "nn/layers/orthogonal_weight.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "math/orthogonal_map.hpp"

namespace rnnlab {
namespace {

OrthogonalMap map_of(const std::string& name) {
  return name == "exp" ? OrthogonalMap::exp : OrthogonalMap::cayley;
}

/// This thread's matrix [n, n] of a number: its memory stays.
template <class T, int number>
T* matrix(int n) {
  thread_local std::vector<T> memory;
  memory.resize(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  return memory.data();
}

}  // namespace

template <class S>
OrthogonalWeight<S>::OrthogonalWeight(std::string map, double negative_ones, int n)
    : map_(std::move(map)), n_(n), negative_(static_cast<int>(std::lround(negative_ones * n))) {}

template <class S>
const double* OrthogonalWeight<S>::skew(const S* a) const {
  double* const s = matrix<double, 0>(n_);
  for (int i = 0; i < n_; ++i) {
    for (int j = 0; j < n_; ++j) {
      s[i * n_ + j] = static_cast<double>(a[i * n_ + j]) - static_cast<double>(a[j * n_ + i]);
    }
  }
  return s;
}

template <class S>
void OrthogonalWeight<S>::initialize(const MatrixInit& init, Key key, std::size_t parameter,
                                     S* a) const {
  if (!is_rotations(init.kind)) {
    fill_matrix(init, key, parameter, n_, n_, a);
    return;
  }
  std::fill_n(a, n_ * n_, S{0});
  Rng rng(key, parameter);
  int u = 0;
  for (const double angle : rotation_angles(init.kind, rng, n_)) {
    // S's entry above the diagonal.
    const double entry = map_ == "exp" ? -angle : std::tan(angle / 2);
    a[u * n_ + u + 1] = static_cast<S>(entry / 2);
    a[(u + 1) * n_ + u] = static_cast<S>(-entry / 2);
    u += 2;
  }
}

template <class S>
void OrthogonalWeight<S>::value(const S* a, S* w) const {
  double* const exact = matrix<double, 1>(n_);
  orthogonal_from_skew(map_of(map_), n_, skew(a), exact);
  for (int i = 0; i < n_; ++i) {
    for (int j = 0; j < n_; ++j) {
      w[i * n_ + j] = static_cast<S>(j < n_ - negative_ ? exact[i * n_ + j] : -exact[i * n_ + j]);
    }
  }
}

template <class S>
S* OrthogonalWeight<S>::zeros() const {
  S* const dw = matrix<S, 2>(n_);
  std::fill_n(dw, n_ * n_, S{0});
  return dw;
}

template <class S>
void OrthogonalWeight<S>::add_gradient(const S* a, const S* dw, S* da) const {
  double* const d = matrix<double, 1>(n_);
  for (int i = 0; i < n_; ++i) {
    for (int j = 0; j < n_; ++j) {
      const double entry = static_cast<double>(dw[i * n_ + j]);
      d[i * n_ + j] = j < n_ - negative_ ? entry : -entry;
    }
  }
  orthogonal_adjoint(map_of(map_), n_, skew(a), d, d);
  for (int i = 0; i < n_; ++i) {
    for (int j = 0; j < n_; ++j) da[i * n_ + j] += static_cast<S>(d[i * n_ + j] - d[j * n_ + i]);
  }
}

template class OrthogonalWeight<float>;
template class OrthogonalWeight<double>;

}  // namespace rnnlab
