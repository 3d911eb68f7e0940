#pragma once

#include <string>

namespace rnnlab {

/// One line of a list that a user can ask for: cells, optimizers, instruments.
struct Listing {
  std::string name;
  std::string summary;
};

}  // namespace rnnlab
