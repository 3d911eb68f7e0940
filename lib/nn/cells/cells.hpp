#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "base/listing.hpp"
#include "nn/cells/elman.hpp"
#include "nn/cells/gru.hpp"
#include "nn/cells/lstm.hpp"

namespace rnnlab {

/// THE list of cells. A new one is its own file and its name here: the recurrent layer, every
/// model, the gradient checks and the benchmarks take it from there. `model.cell` and
/// `model.activation` choose the entry with that name and activation.
using Cells = std::tuple<Elman<Tanh>, Elman<Sigmoid>, Elman<Identity>, Elman<Relu>,
                         Elman<LeakyRelu>, Elman<Elu>, Lstm, Gru>;

/// Calls f(Cell{}) for each cell of the list.
template <class F>
void for_each_cell(F&& f) {
  std::apply([&](auto... cell) { (f(cell), ...); }, Cells{});
}

const std::vector<Listing>& cell_list();

/// Whether the cell carries a state besides h, and so has ‖∂ℓ/∂c_t‖ to trace.
bool has_cell_state(const std::string& cell);

}  // namespace rnnlab
