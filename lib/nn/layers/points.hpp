#pragma once

#include <vector>

#include "base/check.hpp"
#include "nn/layers/two_dimensional.hpp"
#include "nn/steps/cell_rule.hpp"
#include "nn/steps/md_lstm.hpp"

namespace rnnlab {

/// A rule of a point: its slots from `first` on, the memory that each thing given comes from, and
/// what it makes, pieces of the state.
struct PointRule {
  const Rule* rule;
  int first;
  std::vector<int> given;  // a neighbour, see Points
  std::vector<int> made;
};

/// What a point computes. Its state is `pieces` of H units, the first `hidden` of them outputs of
/// units, the others memories.
struct Points {
  enum Neighbour { left, up, below };

  int gates, pieces, hidden;
  std::vector<PointRule> rules;
  int h_left, h_up;   // the pieces of a neighbour's state that the products read …
  int c_left, c_up;   // … and the rules
  int depth, memory;  // the pieces that are y
  std::vector<int> forget_gates;

  bool is_grid() const { return gates == 12; }
};

inline Points points_of(const TwoDimensionalOptions& o) {
  if (o.cell == "elman")
    return {.gates = 1,
            .pieces = 1,
            .hidden = 1,
            .rules = {{activation_rule(o.activation), 0, {}, {0}}},
            .h_left = 0,
            .h_up = 0,
            .c_left = -1,
            .c_up = -1,
            .depth = 0,
            .memory = -1,
            .forget_gates = {}};
  if (o.cell == "lstm")
    return {.gates = 5,
            .pieces = 2,
            .hidden = 1,
            .rules = {{rule<MdLstm>(), 0, {Points::left, Points::up}, {0, 1}}},
            .h_left = 0,
            .h_up = 0,
            .c_left = 1,
            .c_up = 1,
            .depth = 0,
            .memory = -1,
            .forget_gates = {1, 2}};
  RNNLAB_CHECK_EQ(o.cell, "grid");
  const Rule* lstm = rule<CellRule<Lstm>>();
  return {.gates = 12,
          .pieces = 6,
          .hidden = 3,
          .rules = {{lstm, 0, {Points::left}, {0, 3}},
                    {lstm, 4, {Points::up}, {1, 4}},
                    {lstm, 8, {Points::below}, {2, 5}}},
          .h_left = 0,
          .h_up = 1,
          .c_left = 3,
          .c_up = 4,
          .depth = 2,
          .memory = 5,
          .forget_gates = {1, 5, 9}};
}

}  // namespace rnnlab
