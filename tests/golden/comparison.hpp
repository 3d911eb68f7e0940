#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "nn/params.hpp"

namespace rnnlab::test {

/// Parameters, or something of their shapes, by name.
using Named = std::map<std::string, std::vector<double>>;

/// ‖ours − theirs‖₂ / ‖theirs‖₂. Infinite where that is no number: unequal sizes, a NaN or an
/// infinity on either side, theirs all zero and ours not.
inline double relative_difference(const std::vector<double>& ours,
                                  const std::vector<double>& theirs) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (ours.size() != theirs.size()) return infinity;
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    difference += (ours[i] - theirs[i]) * (ours[i] - theirs[i]);
    norm += theirs[i] * theirs[i];
  }
  if (!std::isfinite(difference) || !std::isfinite(norm)) return infinity;
  if (norm == 0) return ours == theirs ? 0 : infinity;
  return std::sqrt(difference / norm);
}

/// A slab in the layout's order, taken apart.
template <class S>
Named by_name(const ParamLayout& layout, const S* slab) {
  Named named;
  for (const Parameter& p : layout) {
    named[p.name] = {slab + p.offset, slab + p.offset + p.size()};
  }
  return named;
}

/// One line for every name whose values differ by more than `bound`, or that one side lacks.
inline std::vector<std::string> disagreements(const Named& ours, const Named& theirs,
                                              double bound) {
  std::vector<std::string> lines;
  for (const auto& [name, values] : theirs) {
    const auto mine = ours.find(name);
    if (mine == ours.end()) {
      lines.push_back(name + ": only theirs");
    } else if (const double d = relative_difference(mine->second, values); !(d <= bound)) {
      std::ostringstream line;
      line << name << ": " << d;
      lines.push_back(line.str());
    }
  }
  for (const auto& [name, values] : ours) {
    if (theirs.count(name) == 0) lines.push_back(name + ": only ours");
  }
  return lines;
}

}  // namespace rnnlab::test
