#include "nn/layers/recurrent_layer.hpp"

namespace rnnlab {

RNNLAB_RECURRENT(, LeakyCells);

}  // namespace rnnlab
