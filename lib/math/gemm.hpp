#pragma once

#include <cstddef>
#include <string>

namespace rnnlab {

/// C[m×n] (+)= A[m×k]·B, all column-major: B is [k×n], or [n×k] with transpose_b (then B's
/// transpose is meant). `ld…` is the distance between columns. C is added to if `accumulate`, else
/// written.
struct ProductShape {
  int m, n, k;
  int lda, ldb, ldc;
  bool transpose_b = false;
  bool accumulate = true;
};

/// Three twins of one small product. libxsmm generates code for the shape at its first use and is
/// the one that training runs on; Eigen serves where libxsmm is not built in; naive is the
/// textbook.
enum class Backend { xsmm, eigen, naive };

bool available(Backend);
/// libxsmm where it is built in, else Eigen.
Backend best_backend();
/// The name of the best backend, for the run file.
std::string backend_name();

/// A product of fixed shape: cheap to make (a table look-up after the first time), cheap to copy.
/// The result depends on the shape and the backend alone, not on the thread; with libxsmm and
/// transpose_b, further terms that are zero (a larger k) change no bit.
template <class S>
class Product {
 public:
  explicit Product(const ProductShape&, Backend = best_backend());

  void operator()(const S* a, const S* b, S* c) const {
    if (!generated_) return generic_(shape_, a, b, c);
    for (int j = 0; j < calls_; ++j)
      generated_(a, b + j, c + static_cast<std::ptrdiff_t>(j) * shape_.ldc);
  }

 private:
  using Generated = void (*)(const S*, const S*, S*, ...);
  using Generic = void (*)(const ProductShape&, const S*, const S*, S*);
  ProductShape shape_;
  Generated generated_ = nullptr;
  int calls_ = 1;  // of generated_, one per column where more than one
  Generic generic_ = nullptr;
};

}  // namespace rnnlab
