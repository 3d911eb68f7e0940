#pragma once

namespace rnnlab {

/// ‖Σ_b a_b h_bᵀ‖_F for B columns a_b of `rows_a` and h_b of `rows_h` entries, stored [row, b] with
/// b fastest: √(Σ_{b,b'} (a_b·a_b')(h_b·h_b')), without forming the matrix. `scratch` has 2·B²
/// entries.
double outer_norm(const double* a, int rows_a, const double* h, int rows_h, int B, double* scratch);

}  // namespace rnnlab
