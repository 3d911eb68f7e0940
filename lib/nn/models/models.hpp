#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/listing.hpp"

namespace rnnlab {

/// A named architecture: what `model.name` sets, each key still overridable.
struct ModelPreset {
  std::string name;
  std::string summary;
  std::vector<std::pair<std::string, std::string>> settings;  // key within section `model`, value
};

/// THE list of models.
const std::vector<ModelPreset>& model_presets();

}  // namespace rnnlab
