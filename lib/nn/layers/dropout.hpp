#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

struct DropoutOptions {
  int width = 0;
  double rate = 0;           // p
  bool variational = false;  // one mask for all steps of an example
  int index = 0;             // tells this layer's masks from the others' of a model
};

/// Inverted dropout, y = m ∘ x / (1 − p) with m = 0 where a unit is dropped (probability p), else 1
/// (Hinton et al. 2012): a new mask at every step, or the same at all steps of a sequence (Gal and
/// Ghahramani 2016). The identity where `Pass::noise` is none. A mask is a function of (seed,
/// training step, example's column, layer, time step) alone.
template <class S>
std::unique_ptr<Layer<S>> make_dropout(const DropoutOptions&);

}  // namespace rnnlab
