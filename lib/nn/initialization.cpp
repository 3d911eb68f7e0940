#include "nn/initialization.hpp"

#include <cmath>

#include "base/check.hpp"

namespace rnnlab {

template <class S>
void fill_matrix(const std::string& kind, Key key, std::size_t parameter, int rows, int columns,
                 int fan_in, int fan_out, int scale, S* matrix) {
  RNNLAB_CHECK_EQ(kind == "glorot" || kind == "uniform", true);
  const double bound =
      kind == "glorot" ? std::sqrt(6.0 / (fan_in + fan_out)) : 1.0 / std::sqrt(scale);
  Rng rng(key, parameter);
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  for (std::size_t i = 0; i < size; ++i) {
    matrix[i] = static_cast<S>(bound * (2.0 * rng.uniform53() - 1.0));
  }
}

template void fill_matrix(const std::string&, Key, std::size_t, int, int, int, int, int, float*);
template void fill_matrix(const std::string&, Key, std::size_t, int, int, int, int, int, double*);

}  // namespace rnnlab
