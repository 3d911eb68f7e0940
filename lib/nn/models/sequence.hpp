#pragma once

#include <memory>

#include "nn/model.hpp"

namespace rnnlab {

/// The sequence model: a stack of recurrent layers, read at every step (many-to-many) or at each
/// example's last step (many-to-one), a dense head `output`, and the task's loss.
///
///   h^l_t = Recurrent_l(h^{l−1}_t, …),   h^{−1}_t = x_t,   ŷ = W_out h^{L−1} + b_out
template <class S>
std::unique_ptr<Model<S>> make_sequence_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
