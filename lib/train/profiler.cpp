#include "train/profiler.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

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
  std::vector<std::size_t> order(read_steps_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return read_steps_[a] < read_steps_[b]; });
  const std::size_t quarter = order.size() / 4;
  const std::vector<std::size_t> middle(order.begin() + static_cast<std::ptrdiff_t>(quarter),
                                        order.end() - static_cast<std::ptrdiff_t>(quarter));
  const auto total = [&](const std::vector<double>& values) {
    double sum = 0;
    for (const std::size_t i : middle) sum += values[i];
    return sum;
  };
  const double read = total(read_steps_);
  const double whole = steps_.empty() ? median(read_steps_) : median(steps_);
  Profile profile{.ms_per_step = 1e3 * whole, .phases = {}};
  for (std::size_t i = 0; i < phase_count; ++i) {
    profile.phases.emplace_back(phase_names[i], 1e3 * whole * total(phases_[i]) / read);
  }
  return profile;
}

}  // namespace rnnlab
