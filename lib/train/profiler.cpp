#include "train/profiler.hpp"

#include <algorithm>

namespace rnnlab {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Profile Profiler::result() const {
  if (read_steps_.empty()) return {};
  const double read = median(read_steps_), whole = steps_.empty() ? read : median(steps_);
  Profile profile{.ms_per_step = 1e3 * whole, .phases = {}};
  for (std::size_t i = 0; i < phase_count; ++i) {
    profile.phases.emplace_back(phase_names[i], 1e3 * median(phases_[i]) * whole / read);
  }
  return profile;
}

}  // namespace rnnlab
