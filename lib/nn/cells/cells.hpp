#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "base/listing.hpp"
#include "nn/cells/elman.hpp"
#include "nn/cells/gru.hpp"
#include "nn/cells/leaky.hpp"
#include "nn/cells/lstm.hpp"
#include "nn/cells/lstm_variants.hpp"
#include "nn/cells/mod_relu.hpp"

namespace rnnlab {

// THE list of cells. A new one is its own file and its name here: the recurrent layer, every model,
// the gradient checks and the benchmarks take it from there. `model.cell` and `model.activation`
// choose the entry with that name and activation.
using ElmanCells = std::tuple<Elman<Tanh>, Elman<Sigmoid>, Elman<Identity>, Elman<Relu>,
                              Elman<LeakyRelu>, Elman<Elu>>;
using ModReluCells = std::tuple<ElmanModRelu>;
using LeakyCells = std::tuple<Leaky<Tanh>, Leaky<Sigmoid>, Leaky<Identity>, Leaky<Relu>,
                              Leaky<LeakyRelu>, Leaky<Elu>>;
using GatedCells = std::tuple<Lstm, Gru>;
using LstmVariants =
    std::tuple<LstmPeephole, LstmCoupled, LstmPeepholeCoupled, LstmNoInputGate, LstmNoForgetGate,
               LstmNoOutputGate, LstmNoInputActivation, LstmNoOutputActivation>;

/// Calls f(Cell{}) for each cell of a tuple.
template <class Some, class F>
void for_each_of(F&& f) {
  std::apply([&](auto... cell) { (f(cell), ...); }, Some{});
}

/// Calls f(Cell{}) for each cell of the list.
template <class F>
void for_each_cell(F&& f) {
  for_each_of<ElmanCells>(f);
  for_each_of<ModReluCells>(f);
  for_each_of<LeakyCells>(f);
  for_each_of<GatedCells>(f);
  for_each_of<LstmVariants>(f);
}

const std::vector<Listing>& cell_list();

/// Whether the cell carries a state besides h, and so has ‖∂ℓ/∂c_t‖ to trace.
bool has_cell_state(const std::string& cell);

}  // namespace rnnlab
