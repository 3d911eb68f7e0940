#pragma once

#include <string>

#include "base/rng.hpp"
#include "nn/initialization.hpp"

namespace rnnlab {

/// A square matrix W [n, n] that is orthogonal whatever the trained parameter A [n, n] is:
///
///   W = f(A − Aᵀ) D,   f of math/orthogonal_map.hpp: exp, or the scaled Cayley transform
///
/// D is the identity but for the last `negative_ones` of the diagonal's n entries, a share, which
/// are −1: without them the Cayley transform cannot come near an eigenvalue of −1, and no map
/// reaches a W of determinant −1 (Helfrich, Willmott, Ye 2018).
///
/// Made in double from A in S once per update. The gradient is exact: ∂L/∂S by the adjoint of f's
/// derivative, ∂L/∂A = ∂L/∂S − (∂L/∂S)ᵀ.
template <class S>
class OrthogonalWeight {
 public:
  /// `map`: none, cayley or exp.
  OrthogonalWeight(std::string map, double negative_ones, int n);

  /// Whether W is something else than the parameter itself.
  explicit operator bool() const { return map_ != "none"; }

  /// A's first values: of henaff and helfrich, what makes f(A − Aᵀ) these rotations; of the other
  /// kinds, A itself.
  void initialize(const MatrixInit&, Key, std::size_t parameter, S* a) const;
  /// w = W.
  void value(const S* a, S* w) const;
  /// A matrix of zeros for ∂L/∂W: this thread's, until it is asked for the next.
  S* zeros() const;
  /// da += ∂L/∂A of ∂L/∂W.
  void add_gradient(const S* a, const S* dw, S* da) const;

 private:
  const double* skew(const S* a) const;

  std::string map_;
  int n_, negative_;
};

}  // namespace rnnlab
