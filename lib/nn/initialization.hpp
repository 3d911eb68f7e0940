#pragma once

#include <cstddef>
#include <string>

#include "base/rng.hpp"

namespace rnnlab {

/// Fills a row-major matrix [rows, columns] with independent entries that depend on (key,
/// parameter) and the entry's place alone. `fan_in` inputs reach each of `fan_out` outputs.
///   glorot   U[−a, a], a = √(6 / (fan_in + fan_out))       (Glorot and Bengio, 2010)
///   uniform  U[−a, a], a = 1 / √scale                      (PyTorch's default, scale = H)
template <class S>
void fill_matrix(const std::string& kind, Key key, std::size_t parameter, int rows, int columns,
                 int fan_in, int fan_out, int scale, S* matrix);

}  // namespace rnnlab
