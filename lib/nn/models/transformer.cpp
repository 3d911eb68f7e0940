#include "nn/models/transformer.hpp"

#include <string>

#include "nn/layers/cross_attention.hpp"
#include "nn/layers/positions.hpp"
#include "nn/layers/self_attention.hpp"
#include "nn/models/fitting.hpp"

namespace rnnlab {
namespace {

template <class S>
class Blocks {
 public:
  using Node = typename Graph<S>::Node;

  /// `memory`: the most steps of the sequence that a decoder attends to; 0: an encoder.
  Blocks(Bricks<S>& bricks, bool causal, int memory)
      : bricks_(bricks),
        o_(bricks.options()),
        H_(static_cast<int>(o_.hidden)),
        causal_(causal),
        memory_(memory) {}

  Node operator()(Node from) {
    Node x = positioned(from);
    for (std::int64_t l = 0; l < o_.layers; ++l) {
      const std::string name = "layers." + std::to_string(l) + ".";
      int norm = 0;
      const auto sub_layer = [&](auto&& f) {
        const std::string its_norm = name + "norm" + std::to_string(++norm);
        x = o_.norm_first ? sum(x, f(bricks_.normed(x, its_norm)))
                          : bricks_.normed(sum(x, f(x)), its_norm);
      };
      sub_layer([&](Node node) { return self_attention(node, name + "self_attn"); });
      if (memory_ > 0)
        sub_layer([&](Node node) {
          return cross_attention(node, name + "multihead_attn", l + 1 == o_.layers);
        });
      sub_layer([&](Node node) { return feed_forward(node, name); });
    }
    return o_.norm_first ? bricks_.normed(x, "norm") : x;
  }

 private:
  Node add(std::unique_ptr<Layer<S>> layer, Node from, const std::string& name) {
    return bricks_.graph().add(std::move(layer), from, H_, bricks_.scope() + name);
  }
  Node sum(Node a, Node b) { return bricks_.graph().join(Join::sum, {{a}, {bricks_.dropped(b)}}); }

  Node positioned(Node from) {
    const int longest = bricks_.facts().length;
    Node x = bricks_.numbers(from);
    if (o_.embedding != o_.hidden) x = bricks_.dense(x, H_, "input");
    if (o_.positions == "sinusoidal")
      x = add(make_sinusoidal_positions<S>(H_, longest), x, "positions");
    if (o_.positions == "learned") {
      const int steps = o_.max_positions > 0 ? static_cast<int>(o_.max_positions) : longest;
      x = add(make_learned_positions<S>(H_, steps), x, "positions");
    }
    return bricks_.dropped(x);
  }
  Node self_attention(Node node, const std::string& name) {
    return add(make_self_attention<S>({.width = H_,
                                       .heads = heads_of(o_),
                                       .causal = causal_,
                                       .bias = o_.bias,
                                       .prefix = name + ".",
                                       .init = bricks_.dense_init(),
                                       .init_std = o_.init_std}),
               node, name);
  }
  Node cross_attention(Node node, const std::string& name, bool shows) {
    return add(make_cross_attention<S>({.width = H_,
                                        .heads = heads_of(o_),
                                        .memory = memory_,
                                        .bias = o_.bias,
                                        .prefix = name + ".",
                                        .init = bricks_.dense_init(),
                                        .init_std = o_.init_std,
                                        .shows = shows}),
               node, name);
  }
  Node feed_forward(Node node, const std::string& name) {
    const std::int64_t width = o_.feed_forward > 0 ? o_.feed_forward : 4 * o_.hidden;
    const Node hidden = bricks_.dense(node, static_cast<int>(width), name + "linear1");
    return bricks_.dense(bricks_.activated(hidden, o_.activation, name + "linear1"), H_,
                         name + "linear2");
  }

  Bricks<S>& bricks_;
  const ModelOptions& o_;
  const int H_;
  const bool causal_;
  const int memory_;
};

}  // namespace

template <class S>
typename Graph<S>::Node add_transformer(Bricks<S>& bricks, typename Graph<S>::Node from) {
  const std::string& causal = bricks.options().causal;
  const bool every_step = !bricks.pools() && !bricks.facts().whole_sequences();
  return Blocks<S>(bricks, causal == "yes" || (causal == "auto" && every_step), 0)(from);
}

template <class S>
Graph<S> wire_transformer_decoder(const ModelOptions& o, const Facts& facts, const PartOf& part) {
  const Facts target{.inputs = facts.outputs,
                     .symbols = true,
                     .outputs = facts.outputs,
                     .length = facts.target_length,
                     .readout = Readout::sequence};
  Bricks<S> bricks(o, target, target.inputs, false, part);
  const auto symbols = o.embedding > 0 ? bricks.embedded(0) : 0;
  Blocks<S>(bricks, true, facts.length)(symbols);
  return std::move(bricks.graph());
}

#define RNNLAB_TRANSFORMER(S)                                          \
  template Graph<S>::Node add_transformer(Bricks<S>&, Graph<S>::Node); \
  template Graph<S> wire_transformer_decoder(const ModelOptions&, const Facts&, const PartOf&)
RNNLAB_TRANSFORMER(float);
RNNLAB_TRANSFORMER(double);

}  // namespace rnnlab
