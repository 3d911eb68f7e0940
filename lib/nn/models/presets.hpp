#pragma once

#include <vector>

#include "nn/models/models.hpp"

namespace rnnlab {

// The families of THE list of models (presets.cpp), each in a file of its own.

/// Feed-forward networks, and vanilla ones in their depths and directions.
std::vector<ModelPreset> vanilla_presets();
/// LSTMs and GRUs.
std::vector<ModelPreset> gated_presets();
/// Cells that are made to remember for long.
std::vector<ModelPreset> long_memory_presets();
/// What is not one recurrent layer on the other: baselines, images, sequence to sequence.
std::vector<ModelPreset> others_presets();

}  // namespace rnnlab
