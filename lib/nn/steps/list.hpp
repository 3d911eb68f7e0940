#pragma once

#include <tuple>

#include "nn/steps/any_cell.hpp"
#include "nn/steps/deep_transition.hpp"
#include "nn/steps/gru_original.hpp"
#include "nn/steps/jordan.hpp"
#include "nn/steps/lstm_1997.hpp"
#include "nn/steps/lstm_full_output.hpp"
#include "nn/steps/lstm_layer_norm.hpp"

namespace rnnlab {

/// THE list of recurrent layers whose step is several products. The first that serves is taken.
using Variants = std::tuple<GruOriginal, DeepTransition, LstmFullOutput, LstmLayerNorm, Jordan,
                            AnyCell, Lstm1997>;

}  // namespace rnnlab
