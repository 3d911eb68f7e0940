#pragma once

#include <string>
#include <vector>

#include "data/task.hpp"
#include "study/config.hpp"

namespace rnnlab {

/// What a run is measured by: what its task says of results. A run keeps it beside them, so that
/// they can be read where the task's data are not.
struct Yardstick {
  std::string metric;  // the name of the task's quality: `mse`, `accuracy`
  bool lower_is_better = true;
  double solved = 0;                          // the quality at which the task is; 0: not said
  std::vector<Plateau> plateaus = {};         // none where the run's losses are no means per target
  double valid_share = 0, test_share = 0;     // plateau_share() of the split
  std::string reference = {};                 // reference_text()
  std::vector<std::string> own_metrics = {};  // Task::test_metrics(), by name

  /// JSON, numbers to the last bit.
  std::string text() const;
};

Yardstick yardstick_of(const Config&, const Task&);

/// What Yardstick::text() wrote. Throws Error(data) for anything else, naming `where` it is from.
Yardstick parse_yardstick(const std::string& text, const std::string& where);

}  // namespace rnnlab
