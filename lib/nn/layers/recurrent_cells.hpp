#pragma once

#include <memory>

#include "nn/cells/cells.hpp"
#include "nn/layers/recurrent.hpp"

namespace rnnlab {

/// The layer of the options' cell, if it is one of the tuple `Some`; else nothing. Each tuple of
/// the list has a file of its own that instantiates it, recurrent_….cpp: they take long to compile.
template <class Some, class S>
std::unique_ptr<Layer<S>> make_recurrent_of(const RecurrentOptions&);

}  // namespace rnnlab
