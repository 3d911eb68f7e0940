#pragma once

#include <string>
#include <vector>

#include "nn/cells/cells.hpp"
#include "nn/steps/variants.hpp"

namespace rnnlab::test {

/// What makes one recurrent layer another: settings with the names of RecurrentOptions, which
/// ModelOptions has too.
struct Core {
  std::string cell, activation;
  std::string depth = "stacked";
  int deep_layers = 1, time_skip = 0, block = 1;
  bool truncated_gradient = false;
  std::string recurrent_map = "none";
  int memory_lags = 100;

  template <class Options>
  void set(Options& o) const {
    o.cell = cell;
    o.activation = activation;
    o.depth = depth;
    o.deep_layers = deep_layers;
    o.time_skip = time_skip;
    o.block = block;
    o.truncated_gradient = truncated_gradient;
    o.recurrent_map = recurrent_map;
    if (recurrent_map == "cayley") o.negative_ones = 0.4;
    o.memory_lags = memory_lags;
    o.hidden = (o.hidden + block - 1) / block * block;
  }
  RecurrentOptions options() const {
    RecurrentOptions o{.inputs = 1, .hidden = block, .outputs = 1};
    set(o);
    return o;
  }
  std::string name() const {
    return cell + " " + activation + " " + depth + std::to_string(deep_layers) + " skip " +
           std::to_string(time_skip) + " block " + std::to_string(block) + " map " + recurrent_map +
           " lags " + std::to_string(memory_lags) + (truncated_gradient ? " truncated" : "");
  }
};

inline std::vector<Core> plain_cores() {
  std::vector<Core> all;
  for_each_cell([&]<class Cell>(Cell) { all.push_back({Cell::name, Cell::activation}); });
  return all;
}

/// Cells whose recurrent matrix is a function of the parameter.
inline std::vector<Core> mapped_cores() {
  std::vector<Core> all;
  for (const char* activation : {"identity", "tanh", "modrelu"}) {
    for (const char* map : {"cayley", "exp"}) {
      all.push_back({"elman", activation});
      all.back().recurrent_map = map;
    }
  }
  return all;
}

inline bool is_plain(const Core& core) {
  for (const Core& plain : plain_cores()) {
    if (core.name() == plain.name()) return true;
  }
  return false;
}

/// Every variant of nn/steps: each cell that it serves, with a rectifying activation too where
/// there is a choice, with each set of the extras that it takes.
inline std::vector<Core> variant_cores() {
  std::vector<Core> all;
  for (const StepVariant& v : step_variants()) {
    std::vector<std::string> cells;
    if (v.cell) {
      cells.push_back(v.cell);
    } else {
      for (const Core& core : plain_cores()) {
        if (cells.empty() || cells.back() != core.cell) cells.push_back(core.cell);
      }
    }
    for (const std::string& cell : cells) {
      for (const char* activation : {"tanh", "elu", "modrelu"}) {
        for (Extras bits = 0; bits <= v.takes; ++bits) {
          if (bits & ~v.takes) continue;
          Core core{cell, activation};
          if (bits & time_skip) core.time_skip = 3;
          if (bits & memory_blocks) core.block = 2;
          if (bits & lags) core.memory_lags = 5;
          core.truncated_gradient = bits & truncated_gradient;
          std::vector<Core> some{core};
          if (bits & deep_transition) {
            some.clear();
            const char* depths[]{"dt-s", "dot-s", "dt", "dot"};
            for (int k = 0; k < 4; ++k) {
              some.push_back(core);
              some.back().depth = depths[k];
              some.back().deep_layers = 1 + k % 3;
            }
          }
          for (const Core& one : some) {
            if (is_plain(one)) continue;  // has a layer of its own
            if (extras_wanted(one.options()) == bits && find_variant(one.options()) == &v) {
              all.push_back(one);
            }
          }
        }
      }
    }
  }
  return all;
}

/// Those whose output is h, which any head can stand on.
inline std::vector<Core> all_cores() {
  std::vector<Core> all = plain_cores();
  for (const Core& core : mapped_cores()) all.push_back(core);
  for (const Core& core : variant_cores()) {
    if (core.cell != "jordan") all.push_back(core);
  }
  return all;
}

}  // namespace rnnlab::test
