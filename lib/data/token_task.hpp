#pragma once

#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// A task whose inputs are the tokens of texts.
class TokenTask : public Task {
 public:
  /// Reads all texts by these input symbols, one of which is unknown_token, in the place of those
  /// that are counted in its own training part: what a trained model knows of another corpus.
  virtual void read_by(const std::vector<std::string>& source_symbols) = 0;
};

}  // namespace rnnlab
