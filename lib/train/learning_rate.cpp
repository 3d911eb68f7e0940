#include "train/learning_rate.hpp"

#include <cmath>
#include <numbers>

namespace rnnlab {

double rate_factor(const TrainOptions& o, std::int64_t step) {
  if (step < o.warmup) return static_cast<double>(step + 1) / static_cast<double>(o.warmup);
  if (o.schedule == "constant") return 1;
  const double past =
      static_cast<double>(step - o.warmup) / static_cast<double>(o.steps - o.warmup);
  if (o.schedule == "linear") return 1 - past;
  return (1 + std::cos(std::numbers::pi * past)) / 2;
}

}  // namespace rnnlab
