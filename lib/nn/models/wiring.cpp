#include "nn/models/wiring.hpp"

#include <string>

#include "nn/cells/cells.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/models/bricks.hpp"
#include "nn/models/fitting.hpp"
#include "nn/models/images.hpp"
#include "nn/models/tcn.hpp"
#include "nn/models/transformer.hpp"

namespace rnnlab {
namespace {

template <class S>
class Wirer : Bricks<S> {
 public:
  using Node = typename Graph<S>::Node;
  using Bricks<S>::Bricks;

  Wiring<S> take() {
    check_fit(o_, facts_);
    Node node = layers(o_.embedding > 0 ? embedded(0) : 0);
    if (pools_ && !graph().is_pooled(node)) node = pooled(node);
    if (is_own_head(o_)) {
      // What the loss writes its gradient over must not be what the layer reads back.
      graph().join(Join::concat, {{node}});
    } else {
      output(dropped(node), "embedding.weight");
    }
    return std::move(wiring_);
  }

  Wiring<S> take_encoder() {
    layers(o_.embedding > 0 && facts_.symbols ? embedded(0) : 0);
    return std::move(wiring_);
  }
  Graph<S> take_embedding() {
    embedded(0);
    return std::move(graph());
  }
  Graph<S> take_output(const std::string& tied_to) {
    output(dropped(0), tied_to);
    return std::move(graph());
  }

 private:
  using Bricks<S>::graph, Bricks<S>::merge, Bricks<S>::dense, Bricks<S>::activated;
  using Bricks<S>::normed, Bricks<S>::dropped, Bricks<S>::pool, Bricks<S>::numbers,
      Bricks<S>::embedded, Bricks<S>::traced, Bricks<S>::scope_;
  using Bricks<S>::o_, Bricks<S>::facts_, Bricks<S>::H_, Bricks<S>::pools_, Bricks<S>::wiring_;

  Node layers(Node from) {
    if (o_.architecture == "transformer") return add_transformer<S>(*this, from);
    if (o_.architecture == "tcn") return add_tcn<S>(*this, from);
    if (o_.architecture == "md") return add_multi_dimensional<S>(*this, from);
    if (o_.architecture == "renet") return add_renet<S>(*this, from);
    if (o_.architecture == "grid") return add_grid_lstm<S>(*this, from);
    return is_feed_forward(o_) ? feed_forward(from) : recurrent(deep_input(from));
  }

  /// `count` hidden layers NAME.0, NAME.1, …
  Node hidden(Node from, std::int64_t count, const std::string& name) {
    for (std::int64_t l = 0; l < count; ++l) {
      const std::string layer = name + "." + std::to_string(l);
      from = activated(dense(from, H_, layer), o_.activation, layer);
    }
    return from;
  }
  Node pooled(Node from) { return pool(from, o_.pool); }

  Node feed_forward(Node from) {
    const int width = graph().width(from);
    const int steps = o_.window > 0 ? static_cast<int>(o_.window) : facts_.length;
    const bool last = pools_ && o_.pool == "last";
    const int wide = side_by_side(steps, width, "window");
    Node node = graph().add(make_window<S>({.width = width, .steps = steps, .last = last}), from,
                            wide, "window");
    for (std::int64_t l = 0; l < o_.layers; ++l) {
      if (l > 0) node = dropped(node);
      const std::string name = "layers." + std::to_string(l);
      node = activated(dense(node, H_, name), o_.activation, name);
    }
    return node;
  }

  Node deep_input(Node from) {
    if (o_.depth != "deep-input") return from;
    return hidden(numbers(from), o_.deep_layers, "input");
  }

  struct Directions {
    Node forward = -1, reverse = -1;  // −1: none
  };

  Node direction(Node from, std::int64_t l, bool reverse) {
    const std::string number = std::to_string(l);
    if (reverse) from = graph().join(Join::concat, {{from, true}});
    auto layer = make_recurrent<S>(recurrent_options(o_, facts_, graph().width(from),
                                                     "_l" + number + (reverse ? "_reverse" : ""),
                                                     graph().is_differentiated(from)));
    return traced(
        std::move(layer), from, recurrent_width(o_, facts_),
        (scope_.empty() ? "layers." : scope_) + number + (reverse ? ".reverse" : ".forward"),
        has_cell_state(o_.cell));
  }

  /// Both directions as one sequence, or, `last`, what each has after its own last step.
  Node merged(const Directions& d, bool last) {
    using Reading = typename Graph<S>::Reading;
    std::vector<Reading> readings;
    if (d.forward >= 0) readings.push_back({last ? pool(d.forward, "last") : d.forward});
    if (d.reverse >= 0) readings.push_back({last ? pool(d.reverse, "last") : d.reverse, !last});
    if (d.reverse < 0 || (last && readings.size() == 1)) return readings.front().node;
    return graph().join(readings.size() == 1 ? Join::concat : merge(), readings);
  }

  Node recurrent(Node input) {
    const bool skips = o_.depth == "skip" && o_.layers > 1;
    if (skips || o_.residual) input = numbers(input);
    std::vector<typename Graph<S>::Reading> outputs;
    Node node = input;
    for (std::int64_t l = 0; l < o_.layers; ++l) {
      const bool top = l + 1 == o_.layers, last = top && pools_ && o_.pool == "last";
      Node from = node;
      if (l > 0) from = dropped(from);
      if (skips && l > 0) from = graph().join(Join::concat, {{input}, {from}});
      Directions d;
      if (o_.direction != "reverse") d.forward = direction(from, l, false);
      if (o_.direction != "forward") d.reverse = direction(from, l, true);
      wiring_.directions.push_back({d.forward, d.reverse});
      Node out = merged(d, last);
      if (o_.residual && graph().width(out) == graph().width(node))
        out = graph().join(Join::sum, {{last ? pool(node, "last") : node}, {out}});
      if (o_.layer_norm) out = normed(out, "norm_l" + std::to_string(l));
      outputs.push_back({out});
      node = out;
    }
    if (!skips) return node;
    if (graph().is_pooled(node)) {
      for (auto& reading : outputs) {
        if (!graph().is_pooled(reading.node)) reading.node = pool(reading.node, "last");
      }
    }
    return graph().join(Join::concat, outputs);
  }

  void output(Node node, const std::string& tied_to) {
    if (o_.readout_activation != "identity")
      node = activated(node, o_.readout_activation, "readout");
    if (has_deep_output(o_)) node = hidden(node, o_.deep_layers, "readout");
    if (o_.tied) check_tied(o_, facts_, graph().width(node));
    dense(node, facts_.outputs, "output", o_.tied ? tied_to : "");
  }
};

}  // namespace

template <class S>
Wiring<S> wire(const ModelOptions& options, const Facts& facts) {
  return Wirer<S>(options, facts).take();
}

template <class S>
Wiring<S> wire_encoder(const ModelOptions& options, const Facts& facts, const PartOf& part) {
  return Wirer<S>(options, facts, facts.inputs, false, part).take_encoder();
}

template <class S>
Graph<S> wire_embedding(const ModelOptions& options, const Facts& facts, int count,
                        const PartOf& part) {
  return Wirer<S>(options, facts, count, false, part).take_embedding();
}

template <class S>
Graph<S> wire_output(const ModelOptions& options, const Facts& facts, int width,
                     const std::string& tied_to, const PartOf& part) {
  return Wirer<S>(options, facts, width, true, part).take_output(tied_to);
}

#define RNNLAB_WIRE(S)                                                                      \
  template Wiring<S> wire(const ModelOptions&, const Facts&);                               \
  template Wiring<S> wire_encoder(const ModelOptions&, const Facts&, const PartOf&);        \
  template Graph<S> wire_embedding(const ModelOptions&, const Facts&, int, const PartOf&);  \
  template Graph<S> wire_output(const ModelOptions&, const Facts&, int, const std::string&, \
                                const PartOf&)
RNNLAB_WIRE(float);
RNNLAB_WIRE(double);

}  // namespace rnnlab
