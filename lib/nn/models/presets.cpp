#include "nn/models/presets.hpp"

namespace rnnlab {

const std::vector<ModelPreset>& model_presets() {
  static const std::vector<ModelPreset> list = [] {
    std::vector<ModelPreset> all;
    for (auto* family : {&vanilla_presets, &gated_presets, &long_memory_presets, &others_presets}) {
      for (ModelPreset& preset : family()) all.push_back(std::move(preset));
    }
    return all;
  }();
  return list;
}

}  // namespace rnnlab
