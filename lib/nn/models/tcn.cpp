#include "nn/models/tcn.hpp"

#include <string>

#include "nn/layers/taps.hpp"
#include "nn/models/fitting.hpp"

namespace rnnlab {

template <class S>
typename Graph<S>::Node add_tcn(Bricks<S>& bricks, typename Graph<S>::Node from) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  Graph<S>& graph = bricks.graph();
  const int H = static_cast<int>(o.hidden), K = static_cast<int>(o.kernel);
  Node x = bricks.numbers(from);
  for (std::int64_t l = 0; l < o.layers; ++l) {
    const std::string name = "layers." + std::to_string(l) + ".";
    const auto convolved = [&](Node node, const std::string& conv) {
      const int width = graph.width(node);
      const int wide = side_by_side(K, width, "kernel");
      const Node seen = graph.add(make_taps<S>({.width = width, .kernel = K, .dilation = 1 << l}),
                                  node, wide, name + conv + ".taps");
      return bricks.dropped(
          bricks.activated(bricks.dense(seen, H, name + conv), o.activation, name + conv));
    };
    const Node h = convolved(convolved(x, "conv1"), "conv2");
    if (graph.width(x) != H) x = bricks.dense(x, H, name + "downsample");
    x = bricks.activated(graph.join(Join::sum, {{h}, {x}}), o.activation, name + "sum");
  }
  return x;
}

template Graph<float>::Node add_tcn(Bricks<float>&, Graph<float>::Node);
template Graph<double>::Node add_tcn(Bricks<double>&, Graph<double>::Node);

}  // namespace rnnlab
