#include "nn/models/images.hpp"

#include <array>
#include <string>
#include <vector>

#include "nn/cells/cells.hpp"
#include "nn/layers/diagonals.hpp"
#include "nn/layers/lines.hpp"
#include "nn/layers/patches.hpp"
#include "nn/layers/rearrange.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/layers/two_dimensional.hpp"
#include "nn/models/fitting.hpp"

namespace rnnlab {
namespace {

/// Where a sweep begins.
struct Corner {
  const char *suffix, *name;
  bool bottom, right;
};
constexpr std::array<Corner, 4> corners{{{"_top_left", "top-left", false, false},
                                         {"_bottom_right", "bottom-right", true, true},
                                         {"_top_right", "top-right", false, true},
                                         {"_bottom_left", "bottom-left", true, false}}};

/// The point of the image, row by row, at each step of a sweep.
std::vector<int> order_from(const Corner& corner, int rows, int columns) {
  const Diagonals map(rows, columns);
  std::vector<int> order;
  for (std::size_t t = 0; t < map.row.size(); ++t) {
    const int i = corner.bottom ? rows - 1 - map.row[t] : map.row[t];
    const int j = corner.right ? columns - 1 - map.column[t] : map.column[t];
    order.push_back(i * columns + j);
  }
  return order;
}

std::vector<int> inverse(const std::vector<int>& order) {
  std::vector<int> back(order.size());
  for (std::size_t t = 0; t < order.size(); ++t)
    back[static_cast<std::size_t>(order[t])] = static_cast<int>(t);
  return back;
}

/// One layer's sweep from a corner, back in the image's order, or its last point alone.
template <class S>
typename Graph<S>::Node add_sweep(Bricks<S>& bricks, typename Graph<S>::Node from,
                                  const Corner& corner, TwoDimensionalOptions options, int width,
                                  const std::string& name, bool cell_state, bool last) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  const Facts& facts = bricks.facts();
  Graph<S>& graph = bricks.graph();
  const auto order = order_from(corner, facts.rows, facts.columns);
  options.activation = o.activation;
  options.rows = facts.rows;
  options.columns = facts.columns;
  options.inputs = graph.width(from);
  options.hidden = static_cast<int>(o.hidden);
  options.bias = o.bias;
  options.init = o.init;
  options.recurrent_init = o.recurrent_init;
  options.input_gain = o.input_gain;
  options.spectral_radius = o.spectral_radius;
  options.init_std = o.init_std;
  options.init_connections = static_cast<int>(o.init_connections);
  options.forget_bias = o.forget_bias;
  options.input_gradient = graph.is_differentiated(from);
  const Node turned =
      graph.add(make_rearrange<S>(options.inputs, order), from, options.inputs, name + ".order");
  const Node swept =
      bricks.traced(make_two_dimensional<S>(options), turned, width, name, cell_state);
  if (last) return bricks.pool(swept, "last");
  return graph.add(make_rearrange<S>(width, inverse(order)), swept, width, name + ".back");
}

}  // namespace

template <class S>
typename Graph<S>::Node add_multi_dimensional(Bricks<S>& bricks, typename Graph<S>::Node from) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  Node x = bricks.numbers(from);
  for (std::int64_t l = 0; l < o.layers; ++l) {
    const std::string number = std::to_string(l);
    if (l > 0) x = bricks.dropped(x);
    const bool last = l + 1 == o.layers && bricks.pools() && o.pool == "last";
    std::vector<typename Graph<S>::Reading> sweeps;
    for (std::size_t c = 0; c < corners.size(); ++c) {
      if (o.direction != "bidirectional" && c != (o.direction == "reverse" ? 1u : 0u)) continue;
      sweeps.push_back({add_sweep(
          bricks, x, corners[c], {.cell = o.cell, .suffix = "_l" + number + corners[c].suffix},
          static_cast<int>(o.hidden), "layers." + number + "." + corners[c].name, o.cell == "lstm",
          last)});
    }
    x = sweeps.size() == 1 ? sweeps.front().node : bricks.graph().join(bricks.merge(), sweeps);
  }
  return x;
}

template <class S>
typename Graph<S>::Node add_grid_lstm(Bricks<S>& bricks, typename Graph<S>::Node from) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  const int H = static_cast<int>(o.hidden);
  Node x = bricks.dense(bricks.numbers(from), 2 * H, "input");
  for (std::int64_t l = 0; l < o.layers; ++l) {
    const std::string number = std::to_string(l);
    if (l > 0) x = bricks.dropped(x);
    const bool top = l + 1 == o.layers;
    x = add_sweep(bricks, x, corners[static_cast<std::size_t>(l) % corners.size()],
                  {.cell = "grid", .suffix = "_l" + number, .memory_out = !top}, top ? H : 2 * H,
                  "layers." + number, true, top && bricks.pools() && o.pool == "last");
  }
  return x;
}

template <class S>
typename Graph<S>::Node add_renet(Bricks<S>& bricks, typename Graph<S>::Node from) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  const Facts& facts = bricks.facts();
  Graph<S>& graph = bricks.graph();
  const int H = static_cast<int>(o.hidden), side = static_cast<int>(o.patch);
  Node x = bricks.numbers(from);
  if (side > 1) {
    const int width = graph.width(x);
    const int wide = side_by_side(side * side, width, "patch");
    x = graph.add(make_patches<S>(width, facts.rows, facts.columns, side), x, wide, "patches");
  }
  for (std::int64_t l = 0; l < o.layers; ++l) {
    if (l > 0) x = bricks.dropped(x);
    for (const bool down : {false, true}) {
      const std::string along = down ? "columns" : "rows", number = std::to_string(l);
      std::vector<typename Graph<S>::Reading> both;
      for (const bool reverse : {false, true}) {
        const LinesOptions lines{.rows = facts.rows / side,
                                 .columns = facts.columns / side,
                                 .down = down,
                                 .reverse = reverse,
                                 .inputs = graph.width(x),
                                 .outputs = H,
                                 .input_gradient = graph.is_differentiated(x)};
        auto layer = make_lines<S>(
            make_recurrent<S>(recurrent_options(
                o, facts, lines.inputs, "_l" + number + "_" + along + (reverse ? "_reverse" : ""),
                lines.input_gradient)),
            lines);
        const std::string name =
            "layers." + number + "." + along + (reverse ? ".reverse" : ".forward");
        both.push_back({side > 1
                            ? graph.add(std::move(layer), x, H, name)
                            : bricks.traced(std::move(layer), x, H, name, has_cell_state(o.cell))});
      }
      x = graph.join(bricks.merge(), both);
    }
  }
  return x;
}

template Graph<float>::Node add_multi_dimensional(Bricks<float>&, Graph<float>::Node);
template Graph<double>::Node add_multi_dimensional(Bricks<double>&, Graph<double>::Node);
template Graph<float>::Node add_grid_lstm(Bricks<float>&, Graph<float>::Node);
template Graph<double>::Node add_grid_lstm(Bricks<double>&, Graph<double>::Node);
template Graph<float>::Node add_renet(Bricks<float>&, Graph<float>::Node);
template Graph<double>::Node add_renet(Bricks<double>&, Graph<double>::Node);

}  // namespace rnnlab
