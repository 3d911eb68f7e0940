#pragma once

#include <cstddef>

namespace rnnlab {

/// Orthogonal matrices from skew-symmetric ones:
///
///   exp      W = e^S               (Lezcano-Casado, Martinez-Rubio 2019)
///   cayley   W = (I + S)⁻¹ (I − S)  (Helfrich, Willmott, Ye 2018)
///
/// Every matrix is [n, n] and without gaps, row-major throughout or column-major throughout: both
/// maps commute with transposition. Room for intermediate matrices is kept per thread and grows
/// with n; once it is there, nothing is allocated by `exp`, and by `cayley` no more than Eigen's
/// own blocks.
enum class OrthogonalMap { exp, cayley };

/// w = f(skew).
void orthogonal_from_skew(OrthogonalMap, int n, const double* skew, double* w);

/// dskew = ∂L/∂S for dw = ∂L/∂W: the adjoint of f's derivative at S, which is the derivative at Sᵀ.
/// `dskew` may be `dw`.
void orthogonal_adjoint(OrthogonalMap, int n, const double* skew, const double* dw, double* dskew);

}  // namespace rnnlab
