#include "nn/models/transformer.hpp"

#include <string>

#include "nn/layers/positions.hpp"
#include "nn/layers/self_attention.hpp"
#include "nn/models/fitting.hpp"

namespace rnnlab {

template <class S>
typename Graph<S>::Node add_transformer(Bricks<S>& bricks, typename Graph<S>::Node from) {
  using Node = typename Graph<S>::Node;
  const ModelOptions& o = bricks.options();
  Graph<S>& graph = bricks.graph();
  const int H = static_cast<int>(o.hidden), longest = bricks.facts().length;

  Node x = bricks.numbers(from);
  if (o.embedding != o.hidden) x = bricks.dense(x, H, "input");
  if (o.positions == "sinusoidal")
    x = graph.add(make_sinusoidal_positions<S>(H, longest), x, H, "positions");
  if (o.positions == "learned") {
    const int steps = o.max_positions > 0 ? static_cast<int>(o.max_positions) : longest;
    x = graph.add(make_learned_positions<S>(H, steps), x, H, "positions");
  }
  x = bricks.dropped(x);

  const bool causal = o.causal == "yes" || (o.causal == "auto" && !bricks.pools());
  const auto sum = [&](Node a, Node b) {
    return graph.join(Join::sum, {{a}, {bricks.dropped(b)}});
  };
  for (std::int64_t l = 0; l < o.layers; ++l) {
    const std::string name = "layers." + std::to_string(l) + ".";
    const auto attention = [&](Node node) {
      return graph.add(make_self_attention<S>({.width = H,
                                               .heads = heads_of(o),
                                               .causal = causal,
                                               .bias = o.bias,
                                               .prefix = name + "self_attn.",
                                               .init = bricks.dense_init(),
                                               .init_std = o.init_std}),
                       node, H, name + "self_attn");
    };
    const auto feed_forward = [&](Node node) {
      const std::int64_t width = o.feed_forward > 0 ? o.feed_forward : 4 * o.hidden;
      const Node hidden = bricks.dense(node, static_cast<int>(width), name + "linear1");
      return bricks.dense(bricks.activated(hidden, o.activation, name + "linear1"), H,
                          name + "linear2");
    };
    if (o.norm_first) {
      x = sum(x, attention(bricks.normed(x, name + "norm1")));
      x = sum(x, feed_forward(bricks.normed(x, name + "norm2")));
    } else {
      x = bricks.normed(sum(x, attention(x)), name + "norm1");
      x = bricks.normed(sum(x, feed_forward(x)), name + "norm2");
    }
  }
  return o.norm_first ? bricks.normed(x, "norm") : x;
}

template Graph<float>::Node add_transformer(Bricks<float>&, Graph<float>::Node);
template Graph<double>::Node add_transformer(Bricks<double>&, Graph<double>::Node);

}  // namespace rnnlab
