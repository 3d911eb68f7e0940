#include "nn/models/wiring.hpp"

#include <cmath>
#include <string>

#include "nn/cells/cells.hpp"
#include "nn/layers/activation.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/dropout.hpp"
#include "nn/layers/embedding.hpp"
#include "nn/layers/layer_norm.hpp"
#include "nn/layers/pool.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/layers/window.hpp"
#include "nn/models/fitting.hpp"

namespace rnnlab {
namespace {

template <class S>
class Wirer {
 public:
  using Node = typename Graph<S>::Node;

  Wirer(const ModelOptions& o, const Facts& facts)
      : o_(o),
        facts_(facts),
        H_(static_cast<int>(o.hidden)),
        pools_(facts.readout == Readout::last && o.pool != "every"),
        wiring_{Graph<S>(facts.inputs), {}} {}

  Wiring<S> take() {
    check_fit(o_, facts_);
    Node node = 0;
    if (o_.embedding > 0) {
      const int width = static_cast<int>(o_.embedding);
      const double deviation = o_.tied ? 1 / std::sqrt(width) : 1;
      node = dropped(graph().add(make_embedding<S>(facts_.inputs, width, deviation), node, width,
                                 "embedding"));
    }
    node = is_feed_forward(o_) ? feed_forward(node) : recurrent(deep_input(node));
    if (pools_ && !graph().is_pooled(node)) node = pooled(node);
    if (is_own_head(o_)) {
      // What the loss writes its gradient over must not be what the layer reads back.
      graph().join(Join::concat, {{node}});
    } else {
      output(dropped(node));
    }
    return std::move(wiring_);
  }

 private:
  Graph<S>& graph() { return wiring_.graph; }
  Join merge() const { return o_.merge == "sum" ? Join::sum : Join::concat; }

  std::string dense_init() const {
    const bool plain = o_.init == "normal" && o_.init_std > 0;
    return o_.init == "uniform" || plain ? o_.init : "glorot";
  }
  Node dense(Node from, int outputs, const std::string& name, const std::string& tied_to = "") {
    return graph().add(make_dense<S>({.inputs = graph().width(from),
                                      .outputs = outputs,
                                      .bias = o_.bias,
                                      .prefix = name + ".",
                                      .init = dense_init(),
                                      .init_std = o_.init_std,
                                      .tied_to = tied_to,
                                      .input_gradient = graph().is_differentiated(from)}),
                       from, outputs, name);
  }
  /// `of` is what stands below it, for its name in reports.
  Node activated(Node from, const std::string& phi, const std::string& of) {
    const int width = graph().width(from);
    return graph().add(make_activation<S>(phi, width), from, width, of + "." + phi);
  }
  /// `count` hidden layers NAME.0, NAME.1, …
  Node hidden(Node from, std::int64_t count, const std::string& name) {
    for (std::int64_t l = 0; l < count; ++l) {
      const std::string layer = name + "." + std::to_string(l);
      from = activated(dense(from, H_, layer), o_.activation, layer);
    }
    return from;
  }
  Node dropped(Node from) {
    if (o_.dropout == 0) return from;
    const int width = graph().width(from), index = dropouts_++;
    return graph().add(make_dropout<S>({.width = width,
                                        .rate = o_.dropout,
                                        .variational = o_.dropout_mask == "variational",
                                        .index = index}),
                       from, width, "dropout." + std::to_string(index));
  }
  Node pool(Node from, const std::string& kind) {
    const int width = graph().width(from), index = pools_made_++;
    auto layer =
        kind == "attention" ? make_attention_pool<S>(width, o_.bias) : make_pool<S>(kind, width);
    return graph().add(std::move(layer), from, width, "pool." + std::to_string(index));
  }
  Node pooled(Node from) { return pool(from, o_.pool); }

  /// Symbols as one-hot columns, for what takes numbers alone.
  Node numbers(Node from) {
    if (!facts_.symbols || from != 0) return from;
    return graph().add(make_window<S>({.width = facts_.inputs}), from, facts_.inputs, "input");
  }

  Node feed_forward(Node from) {
    const int width = graph().width(from);
    const int steps = o_.window > 0 ? static_cast<int>(o_.window) : facts_.length;
    const bool last = pools_ && o_.pool == "last";
    Node node = graph().add(make_window<S>({.width = width, .steps = steps, .last = last}), from,
                            width * steps, "window");
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
    const TracedLayer traced{"layers." + number + (reverse ? ".reverse" : ".forward"),
                             has_cell_state(o_.cell), layer->da_rows(), layer->h_rows()};
    wiring_.traced.push_back(traced);
    return graph().add(std::move(layer), from, recurrent_width(o_, facts_), traced.name, true);
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
      Node out = merged(d, last);
      if (o_.residual && graph().width(out) == graph().width(node))
        out = graph().join(Join::sum, {{last ? pool(node, "last") : node}, {out}});
      if (o_.layer_norm) {
        const int width = graph().width(out);
        const std::string name = "norm_l" + std::to_string(l);
        out = graph().add(make_layer_norm<S>(width, name + "."), out, width, name);
      }
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

  void output(Node node) {
    if (o_.readout_activation != "identity")
      node = activated(node, o_.readout_activation, "readout");
    if (has_deep_output(o_)) node = hidden(node, o_.deep_layers, "readout");
    if (o_.tied) check_tied(o_, facts_, graph().width(node));
    dense(node, facts_.outputs, "output", o_.tied ? "embedding.weight" : "");
  }

  const ModelOptions& o_;
  const Facts& facts_;
  const int H_;
  const bool pools_;  // the task asks for one prediction per example
  Wiring<S> wiring_;
  int dropouts_ = 0, pools_made_ = 0;
};

}  // namespace

template <class S>
Wiring<S> wire(const ModelOptions& options, const Facts& facts) {
  return Wirer<S>(options, facts).take();
}

template Wiring<float> wire(const ModelOptions&, const Facts&);
template Wiring<double> wire(const ModelOptions&, const Facts&);

}  // namespace rnnlab
