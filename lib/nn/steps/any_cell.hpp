#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "base/check.hpp"
#include "nn/steps/cell_rule.hpp"
#include "nn/steps/variant.hpp"

namespace rnnlab {

/// Any cell of nn/cells, with what its own layer does not know:
///
///   connections through time   a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh + W_dh h_{t−d},
///                              d = time_skip (Lin et al. 1996, Zhang et al. 2016); weight_dh is as
///                              large as weight_hh, feeds what that feeds and follows the cell's
///                              own weights in θ
///   truncated gradient         nothing goes back through W_hh and W_dh, only along the state's
///                              direct path (Hochreiter, Schmidhuber 1997)
struct AnyCell {
  static constexpr const char* cell = nullptr;
  static constexpr const char* summary = nullptr;
  static constexpr bool cell_state = false;
  static constexpr Extras takes = time_skip | truncated_gradient;
  using Rules = std::tuple<>;

  static bool serves(const RecurrentOptions& o) {
    bool found = false;
    for_each_cell([&]<class Cell>(Cell) {
      found = found || (o.cell == Cell::name && o.activation == Cell::activation);
    });
    return found;
  }

  static StepProgram program(const RecurrentOptions& options) {
    StepProgram p;
    for_each_cell([&]<class Cell>(Cell) {
      if (options.cell == Cell::name && options.activation == Cell::activation)
        p = of<Cell>(options);
    });
    return p;
  }

 private:
  template <class Cell>
  static StepProgram of(const RecurrentOptions& options) {
    constexpr int G = Cell::gates;
    StepBuilder p(options);
    const int H = options.hidden, d = options.time_skip;
    const int w_ih = p.input_matrix("weight_ih", G, H);
    const int w_hh = p.recurrent_matrix("weight_hh", G, H, H);
    const auto bias = p.two_biases(G, Cell::forget_gate);
    std::vector<StepProgram::Rows> own;
    if constexpr (Cell::params > 0) {
      for (const UnitWeight& w : Cell::weights) own.push_back(p.unit_weight(w));
    }
    const int w_dh = d > 0 ? p.recurrent_matrix("weight_dh", G, H, H) : -1;
    const int h = p.add_signal("h", H);
    std::vector<int> state{h};
    if constexpr (Cell::carry > 1) state.push_back(p.cell = p.add_signal("c", H));

    // Slots that the same matrices feed are one pre-activation, in the order of their gates.
    std::vector<StepProgram::Slot> slots(Cell::slots);
    const auto gate_of = [](const std::array<int, G>& fed, int slot) {
      const auto at = std::find(fed.begin(), fed.end(), slot);
      return at == fed.end() ? -1 : static_cast<int>(at - fed.begin());
    };
    const auto feed = [&](const char* name, bool by_x, bool by_h) {
      std::vector<int> gates;
      const int signal = static_cast<int>(p.signals.size());
      for (int gate = 0; gate < G; ++gate) {
        const int slot = by_x ? Cell::input_slot[gate] : Cell::recurrent_slot[gate];
        if ((gate_of(Cell::input_slot, slot) >= 0) != by_x) continue;
        if ((gate_of(Cell::recurrent_slot, slot) >= 0) != by_h) continue;
        slots[static_cast<std::size_t>(slot)] = {signal, static_cast<int>(gates.size())};
        gates.push_back(gate);
      }
      if (gates.empty()) return;
      RNNLAB_CHECK_EQ(gates.back() - gates.front() + 1, static_cast<int>(gates.size()));
      p.add_pre(name, H, static_cast<int>(gates.size()));
      const int row = gates.front() * H;
      StepProgram::Sum sum{.target = signal, .biases = {}, .products = {}};
      if (by_x) sum.products.push_back({.weight = {w_ih, row}, .from = {p.input}});
      if (by_h) {
        const bool cut = options.truncated_gradient;
        sum.products.push_back({.weight = {w_hh, row}, .from = {h, 1}, .cut = cut, .traced = true});
        if (d > 0) sum.products.push_back({.weight = {w_dh, row}, .from = {h, d}, .cut = cut});
      }
      if (!bias.empty() && by_x) sum.biases.push_back({bias[0].parameter, row});
      if (!bias.empty() && by_h) sum.biases.push_back({bias[1].parameter, row});
      p.sum(sum);
    };
    feed("a", true, true);
    feed("from x", true, false);
    feed("from h", false, true);

    std::vector<StepProgram::Read> given;
    for (std::size_t j = 0; j < state.size(); ++j) {
      if (Cell::direct[j]) given.push_back({state[j], 1});
    }
    p.apply(rule<CellRule<Cell>>(), slots, given, state, own);
    p.output = p.hidden = h;
    return p;
  }
};

}  // namespace rnnlab
