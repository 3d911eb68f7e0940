#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/task.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// One parameter's gradient against central differences.
struct GradientError {
  std::string parameter;
  std::int64_t entries = 0;  // entries compared
  std::int64_t kinks = 0;    // entries left out because the loss has a corner there
  double error = 0;          // ‖a − n‖ / max(‖a‖, ‖n‖, 1e-8)
  bool trained = true;       // else nothing is compared: its gradient is taken as zero
};

/// The model's analytic gradient of the loss on one drawn batch, in double, against central
/// differences of that loss, at up to 200 entries of each parameter. `batch` examples of the train
/// stream; parameters are drawn from `seed`.
std::vector<GradientError> gradcheck(const Task&, const ModelOptions&, std::uint64_t seed,
                                     int batch);

}  // namespace rnnlab
