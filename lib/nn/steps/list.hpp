#pragma once

#include <tuple>

#include "nn/steps/any_cell.hpp"
#include "nn/steps/deep_transition.hpp"
#include "nn/steps/gru_original.hpp"
#include "nn/steps/jordan.hpp"
#include "nn/steps/lru.hpp"
#include "nn/steps/lstm_1997.hpp"
#include "nn/steps/lstm_full_output.hpp"
#include "nn/steps/lstm_layer_norm.hpp"
#include "nn/steps/min_gru.hpp"
#include "nn/steps/mlstm.hpp"
#include "nn/steps/mrnn.hpp"
#include "nn/steps/slstm.hpp"

namespace rnnlab {

/// THE list of recurrent layers whose step is several products. The first that serves is taken.
using Variants =
    std::tuple<GruOriginal, DeepTransition, LstmFullOutput, LstmLayerNorm, Jordan, AnyCell,
               Lstm1997, MinGru, Slstm, SlstmExpForget, Lru, Mrnn, MrnnFixed, Mlstm, MlstmFixed>;

}  // namespace rnnlab
