#include "nn/outer_norm.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "math/gemm.hpp"

namespace rnnlab {

double outer_norm(const double* a, int rows_a, const double* h, int rows_h, int B,
                  double* scratch) {
  const auto entries = static_cast<std::size_t>(B) * static_cast<std::size_t>(B);
  double *of_a = scratch, *of_h = scratch + entries;
  const auto gram = [&](const double* x, int rows, double* to) {
    const Product<double> product({.m = B,
                                   .n = B,
                                   .k = rows,
                                   .lda = B,
                                   .ldb = B,
                                   .ldc = B,
                                   .transpose_b = true,
                                   .accumulate = false});
    product(x, x, to);
  };
  gram(a, rows_a, of_a);
  gram(h, rows_h, of_h);
  double sum = 0;
  for (std::size_t i = 0; i < entries; ++i) sum += of_a[i] * of_h[i];
  return std::sqrt(std::max(sum, 0.0));
}

}  // namespace rnnlab
