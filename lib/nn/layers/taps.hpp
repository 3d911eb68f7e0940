#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace rnnlab {

struct TapsOptions {
  int width = 0;     // I, of a step
  int kernel = 1;    // K
  int dilation = 1;  // d
};

/// What a causal dilated convolution is an affine map of: at every step t the K values of each
/// input channel that it sees, those before the first step 0, in the order of PyTorch's weights,
///
///   y_{t, i·K + k} = x_{t − (K−1−k)·d, i}
///
/// so that a dense layer on it, its weight [O, I·K], is a Conv1d of weight [O, I, K] on the
/// sequence padded with (K−1)·d zeros before its beginning.
template <class S>
std::unique_ptr<Layer<S>> make_taps(const TapsOptions&);

}  // namespace rnnlab
