#include "math/gemm.hpp"

#include <cstddef>

#include "base/check.hpp"
#include "math/lanes.hpp"

#ifdef RNNLAB_XSMM
#include <libxsmm.h>
#endif

namespace rnnlab {
namespace {

template <class S>
void eigen_product(const ProductShape& s, const S* a, const S* b, S* c) {
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  using In = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
  using Out = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
  const In left(a, s.m, s.k, Eigen::OuterStride<>(s.lda));
  Out out(c, s.m, s.n, Eigen::OuterStride<>(s.ldc));
  if (!s.accumulate) out.setZero();
  if (s.transpose_b) {
    out.noalias() += left * In(b, s.n, s.k, Eigen::OuterStride<>(s.ldb)).transpose();
  } else {
    out.noalias() += left * In(b, s.k, s.n, Eigen::OuterStride<>(s.ldb));
  }
}

template <class S>
void naive_product(const ProductShape& s, const S* a, const S* b, S* c) {
  for (int j = 0; j < s.n; ++j) {
    for (int i = 0; i < s.m; ++i) {
      S sum = 0;
      for (int k = 0; k < s.k; ++k) {
        const std::ptrdiff_t at =
            s.transpose_b ? j + std::ptrdiff_t{s.ldb} * k : k + std::ptrdiff_t{s.ldb} * j;
        sum += a[i + std::ptrdiff_t{s.lda} * k] * b[at];
      }
      S& out = c[i + std::ptrdiff_t{s.ldc} * j];
      out = s.accumulate ? out + sum : sum;
    }
  }
}

#ifdef RNNLAB_XSMM
template <class S>
auto generate(const ProductShape& s) {
  const S one = 1, beta = s.accumulate ? 1 : 0;
  const int flags = s.transpose_b ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
  if constexpr (sizeof(S) == 4) {
    return libxsmm_smmdispatch(s.m, s.n, s.k, &s.lda, &s.ldb, &s.ldc, &one, &beta, &flags, nullptr);
  } else {
    return libxsmm_dmmdispatch(s.m, s.n, s.k, &s.lda, &s.ldb, &s.ldc, &one, &beta, &flags, nullptr);
  }
}
#endif

}  // namespace

bool available([[maybe_unused]] Backend backend) {
#ifdef RNNLAB_XSMM
  return true;
#else
  return backend != Backend::xsmm;
#endif
}

Backend best_backend() { return available(Backend::xsmm) ? Backend::xsmm : Backend::eigen; }

std::string backend_name() {
#ifdef RNNLAB_XSMM
  return "libxsmm " LIBXSMM_VERSION;
#else
  return "eigen";
#endif
}

template <class S>
Product<S>::Product(const ProductShape& shape, Backend backend) : shape_(shape) {
  RNNLAB_CHECK_LE(shape.m, shape.lda);
  RNNLAB_CHECK_LE(shape.m, shape.ldc);
  RNNLAB_CHECK_LE(shape.transpose_b ? shape.n : shape.k, shape.ldb);
  generic_ = backend == Backend::naive ? naive_product<S> : eigen_product<S>;
#ifdef RNNLAB_XSMM
  if (backend == Backend::xsmm) {
    // For one register of rows and few columns libxsmm splits a sum among several accumulators, in
    // a way that depends on k: zeros past a sequence's end would change bits. Not so for a single
    // column.
    ProductShape part = shape;
    if (shape.transpose_b && shape.m <= lanes<S> && shape.n < 12) {
      part.n = 1;
      calls_ = shape.n;
    }
    // Null where libxsmm cannot generate code (another processor family): Eigen serves then.
    generated_ = generate<S>(part);
  }
#endif
}

template class Product<float>;
template class Product<double>;

}  // namespace rnnlab
