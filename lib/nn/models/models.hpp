#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/batch.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// A named architecture: what `model.name` sets, each key still overridable.
struct ModelPreset {
  std::string name;
  std::string summary;
  std::vector<std::pair<std::string, std::string>> settings;  // key within section `model`, value
  std::string equation = {};                                  // in one line
  /// Its number of parameters as the preset stands: a formula in I (inputs), H (model.hidden), O
  /// (outputs), W (model.window), with + * and parentheses.
  std::string parameters = {};
  std::string options = {};  // the keys of section `model` that it is most worth turning
  std::string source = {};   // the paper
};

/// The same options with the width that `match_parameters` asks for, if it does. Throws Error where
/// there is none.
ModelOptions matched(ModelOptions, const Facts&);

/// THE list of models.
const std::vector<ModelPreset>& model_presets();

}  // namespace rnnlab
