#pragma once

#include <string>
#include <vector>

#include "train_step/case_file.hpp"

namespace rnnlab::bench {

/// How far a rival's float32 may be from ours: ‖theirs − ours‖ / ‖ours‖.
inline constexpr double tolerance = 1e-4;

/// What a rival's step came to, under the names of the case file without their group.
struct Answers {
  std::vector<double> loss;
  std::map<std::string, std::vector<float>> gradient;
  std::map<std::string, std::vector<float>> updated;
};

/// The first difference from the case's answers beyond the tolerance, in one line; empty if there
/// is none. Compared are the first loss, every gradient, every parameter's update (θ after the step
/// less θ before), and the losses of the further steps. Entries of the update are left out whose
/// gradient is below a thousandth of its tensor's root mean square: Adam's first step is lr ·
/// sign(g), so that there rounding decides.
std::string first_difference(const CaseFile&, const Answers&);

}  // namespace rnnlab::bench
