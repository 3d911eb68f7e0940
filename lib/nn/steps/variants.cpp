#include "nn/steps/variants.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "nn/cells/cells.hpp"
#include "nn/steps/list.hpp"

namespace rnnlab {
namespace {

struct Extra {
  Extras bit;
  const char* key;
};
constexpr Extra extras[]{{deep_transition, "model.depth"},
                         {time_skip, "model.time_skip"},
                         {truncated_gradient, "model.truncated_gradient"},
                         {memory_blocks, "model.block"},
                         {ring_inner, "model.r_min"},
                         {ring_outer, "model.r_max"},
                         {ring_phase, "model.max_phase"},
                         {lags, "model.memory_lags"}};

bool is_cell(const StepVariant& v, const RecurrentOptions& o) {
  return (!v.cell || o.cell == v.cell) && v.serves(o);
}

void add_name(std::string& list, const std::string& name) {
  if (list.find(name) != std::string::npos) return;
  list += (list.empty() ? "" : ", ") + name;
}

}  // namespace

const std::vector<StepVariant>& step_variants() {
  static const std::vector<StepVariant> list = std::apply(
      [](auto... variant) {
        return std::vector<StepVariant>{{variant.cell, variant.summary, variant.cell_state,
                                         variant.takes, &decltype(variant)::serves,
                                         &decltype(variant)::program}...};
      },
      Variants{});
  return list;
}

Extras extras_wanted(const RecurrentOptions& o) {
  static const RecurrentOptions plain;
  const bool deep = o.depth == "dt" || o.depth == "dt-s" || o.depth == "dot" || o.depth == "dot-s";
  const bool gates = o.input_gate_bias != 0 || o.input_gate_bias_step != 0 ||
                     o.output_gate_bias != 0 || o.output_gate_bias_step != 0;
  return (deep ? deep_transition : 0) | (o.time_skip > 0 ? time_skip : 0) |
         (o.truncated_gradient ? truncated_gradient : 0) |
         (o.block > 1 || gates ? memory_blocks : 0) | (o.r_min != plain.r_min ? ring_inner : 0) |
         (o.r_max != plain.r_max ? ring_outer : 0) |
         (o.max_phase != plain.max_phase ? ring_phase : 0) |
         (o.memory_lags != plain.memory_lags ? lags : 0);
}

const StepVariant* find_variant(const RecurrentOptions& o) {
  const Extras wanted = extras_wanted(o);
  for (const StepVariant& v : step_variants()) {
    if (is_cell(v, o) && (wanted & ~v.takes) == 0) return &v;
  }
  return nullptr;
}

void check_variant(const RecurrentOptions& o, const StepVariant& variant) {
  if (o.chrono != 0)
    throw Error(Exit::usage, "cell " + o.cell + " has no chrono initialisation", "model.chrono",
                "leave it 0, or choose lstm, gru or another cell of one product per step");
  if (o.h0.kind != "zero" && variant.cell && std::string(variant.cell) == "jordan")
    throw Error(Exit::usage, "cell jordan carries its output, not a state", "model.h0",
                "leave it zero, or choose another cell");
}

void reject(const RecurrentOptions& o) {
  const auto& list = step_variants();
  bool known_cell =
      std::any_of(list.begin(), list.end(), [&](const auto& v) { return is_cell(v, o); });
  for_each_cell([&]<class Cell>(Cell) {
    known_cell = known_cell || (o.cell == Cell::name && o.activation == Cell::activation);
  });
  if (!known_cell) {
    std::string known;
    for_each_cell([&]<class Cell>(Cell) {
      known += std::string(known.empty() ? "" : ", ") + Cell::name + " with " + Cell::activation;
    });
    for (const StepVariant& v : list) {
      RecurrentOptions with{.cell = v.cell ? v.cell : ""};
      for (const char* phi : {"tanh", "sigmoid", "identity", "relu", "leaky-relu", "elu"}) {
        with.activation = phi;
        if (v.summary && v.serves(with)) known += std::string(", ") + v.cell + " with " + phi;
      }
    }
    throw Error(Exit::usage,
                "no cell " + o.cell + " with activation " + o.activation + " is built in",
                "model.activation", "choose one of " + known);
  }
  const Extras wanted = extras_wanted(o);
  std::string asked, where, fitting;
  for (const Extra& extra : extras) {
    if (!(wanted & extra.bit)) continue;
    asked += (asked.empty() ? "" : " and ") + std::string(extra.key);
    if (where.empty()) where = extra.key;
  }
  for (const StepVariant& v : list) {
    if ((wanted & ~v.takes) != 0) continue;
    if (v.cell) {
      add_name(fitting, v.cell);
    } else {
      for_each_cell([&]<class Cell>(Cell) {
        if (v.serves({.cell = Cell::name, .activation = Cell::activation}))
          add_name(fitting, Cell::name);
      });
    }
  }
  const std::string with = o.activation == "tanh" ? "" : " with activation " + o.activation;
  throw Error(Exit::usage, "cell " + o.cell + with + " does not go with " + asked, where,
              fitting.empty() ? "no cell knows all of these: leave one of them out"
                              : "cells that do: " + fitting);
}

}  // namespace rnnlab
