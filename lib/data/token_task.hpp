#pragma once

#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// A task whose inputs are the tokens of texts, and maybe its targets.
class TokenTask : public Task {
 public:
  /// Reads all texts by these symbols, one of which is unknown_token, in the place of those that
  /// are counted in its own training part: what a trained model knows of another corpus. The
  /// targets' symbols are those of Task::symbols(); classes are not touched.
  virtual void read_by(const std::vector<std::string>& source_symbols,
                       const std::vector<std::string>& symbols) = 0;
};

}  // namespace rnnlab
