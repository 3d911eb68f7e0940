#include "nn/layers/recurrent_backward.hpp"

namespace rnnlab {

RNNLAB_RECURRENT(ModReluCells);

}  // namespace rnnlab
