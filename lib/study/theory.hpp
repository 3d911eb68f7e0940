#pragma once

#include <functional>
#include <string>
#include <vector>

namespace rnnlab {

/// The slopes that theory gives for ln ‖∂ℓ/∂s_t‖ at initialisation, per step back (negative:
/// vanishing), from a run's own configuration. With g = model.spectral_radius, σ =
/// model.input_gain, b = model.forget_bias and s(x) = 1/(1 + e^−x):
///
/// - `ln-gain`: ln g. A linear network with W_hh = g·Q, Q orthogonal.
///
/// - `mean-field`: ½ ln χ. A tanh network with W_ij ~ N(0, g²/H), each unit driven by independent
///   Gaussian input of variance σ² (inputs N(0, 1), at least as wide as H):
///   q = E[tanh²(√(g²q + σ²) z)], χ = g² E[sech⁴(√(g²q + σ²) z)], z ~ N(0, 1)
///   (Poole et al. 2016; Chen, Pennington, Schoenholz 2018).
///
/// - `gate-mean`: small inputs, W ~ N(0, g²/H) per gate. lstm: ln(s(b) + g/4), of ∂ℓ/∂c_t;
///   gru: ln(s(b) + (1 − s(b)) g/2), of ∂ℓ/∂h_t.
///
/// - `mean-log-forget`: ln s(b). The cell path alone (W_hh = 0, W_ih = 0), where ∂c_T/∂c_t = Π f.
double theory(const std::string& name,
              const std::function<std::string(const std::string& key)>& value);

/// The names above.
const std::vector<std::string>& theory_names();

/// ½ ln χ(g, σ²).
double mean_field_slope(double g, double variance);

}  // namespace rnnlab
