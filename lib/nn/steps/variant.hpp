#pragma once

#include "nn/layers/recurrent.hpp"
#include "nn/steps/program.hpp"

namespace rnnlab {

/// What options ask for beyond a plain cell, as bits.
using Extras = unsigned;
inline constexpr Extras deep_transition = 1, time_skip = 2, truncated_gradient = 4,
                        memory_blocks = 8, ring_inner = 16, ring_outer = 32, ring_phase = 64,
                        lags = 128;

/// A recurrent layer whose step is several products. A variant is a file beside this one with a
/// struct that has
///
///   cell, summary       its line in the list of cells; summary null: a cell that is listed already
///   cell_state          whether it has a c to trace
///   takes               the extras that it knows what to do with
///   Rules               its pointwise rules, for the tests to find them
///   serves(options)     whether it can be that cell with that activation
///   program(options)    its step
///
/// and a place in the list, nn/steps/list.hpp.
struct StepVariant {
  const char* cell;  // null: several
  const char* summary;
  bool cell_state;
  Extras takes;
  bool (*serves)(const RecurrentOptions&);
  StepProgram (*program)(const RecurrentOptions&);
};

}  // namespace rnnlab
