#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/initialization.hpp"
#include "nn/layers/activation.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/dropout.hpp"
#include "nn/layers/embedding.hpp"
#include "nn/layers/layer_norm.hpp"
#include "nn/layers/pool.hpp"
#include "nn/layers/window.hpp"
#include "nn/models/wiring.hpp"

namespace rnnlab {

/// The layers that every architecture is built with, as a model's options have them.
template <class S>
class Bricks {
 public:
  using Node = typename Graph<S>::Node;

  Bricks(const ModelOptions& o, const Facts& facts)
      : o_(o),
        facts_(facts),
        H_(static_cast<int>(o.hidden)),
        pools_(facts.readout == Readout::last && o.pool != "every"),
        wiring_{Graph<S>(facts.inputs), {}, {}} {}
  /// Of a part whose node 0 is `inputs` wide; `differentiated`: of which the gradient is wanted.
  Bricks(const ModelOptions& o, const Facts& facts, int inputs, bool differentiated,
         const PartOf& part)
      : o_(o),
        facts_(facts),
        H_(static_cast<int>(o.hidden)),
        pools_(false),
        scope_(part.scope),
        wiring_{Graph<S>(inputs, differentiated, part.layout), {}, {}},
        dropouts_(part.first_dropout) {
    part.layout->scope(scope_);
  }

  Graph<S>& graph() { return wiring_.graph; }
  const ModelOptions& options() const { return o_; }
  const Facts& facts() const { return facts_; }
  /// What stands in front of a part's names in reports.
  const std::string& scope() const { return scope_; }
  /// Whether the model makes one prediction per example, not one per step.
  bool pools() const { return pools_; }
  Join merge() const { return o_.merge == "sum" ? Join::sum : Join::concat; }

  std::string dense_init() const { return rnnlab::dense_init(o_.init, o_.init_std); }
  Node dense(Node from, int outputs, const std::string& name, const std::string& tied_to = "") {
    return graph().add(make_dense<S>({.inputs = graph().width(from),
                                      .outputs = outputs,
                                      .bias = o_.bias,
                                      .prefix = name + ".",
                                      .init = dense_init(),
                                      .init_std = o_.init_std,
                                      .tied_to = tied_to,
                                      .input_gradient = graph().is_differentiated(from)}),
                       from, outputs, scope_ + name);
  }
  /// Symbols looked up in a table.
  Node embedded(Node symbols) {
    const int width = static_cast<int>(o_.embedding);
    const double deviation = o_.tied ? 1 / std::sqrt(width) : 1;
    return dropped(graph().add(make_embedding<S>(graph().width(symbols), width, deviation), symbols,
                               width, scope_ + "embedding"));
  }
  /// `of` is what stands below it, for its name in reports.
  Node activated(Node from, const std::string& phi, const std::string& of) {
    const int width = graph().width(from);
    return graph().add(make_activation<S>(phi, width), from, width, scope_ + of + "." + phi);
  }
  Node normed(Node from, const std::string& name) {
    const int width = graph().width(from);
    return graph().add(make_layer_norm<S>(width, name + "."), from, width, scope_ + name);
  }
  Node dropped(Node from) {
    if (o_.dropout == 0) return from;
    const int width = graph().width(from), index = dropouts_++;
    return graph().add(make_dropout<S>({.width = width,
                                        .rate = o_.dropout,
                                        .variational = o_.dropout_mask == "variational",
                                        .index = index}),
                       from, width, scope_ + "dropout." + std::to_string(index));
  }
  Node pool(Node from, const std::string& kind) {
    const int width = graph().width(from), index = pools_made_++;
    auto layer =
        kind == "attention"
            ? make_attention_pool<S>(
                  {.width = width, .bias = o_.bias, .init = dense_init(), .init_std = o_.init_std})
            : make_pool<S>(kind, width);
    return graph().add(std::move(layer), from, width, scope_ + "pool." + std::to_string(index));
  }
  /// A layer whose states' gradients can be traced.
  Node traced(std::unique_ptr<Layer<S>> layer, Node from, int width, const std::string& name,
              bool cell_state) {
    wiring_.traced.push_back(
        {name, cell_state, layer->da_rows(), layer->h_rows(), layer->regularizes()});
    return graph().add(std::move(layer), from, width, name, true);
  }
  /// Symbols as one-hot columns, for what takes numbers alone.
  Node numbers(Node from) {
    if (!facts_.symbols || from != 0) return from;
    return graph().add(make_window<S>({.width = facts_.inputs}), from, facts_.inputs, "input");
  }

 protected:
  const ModelOptions& o_;
  const Facts& facts_;
  const int H_;
  const bool pools_;  // the task asks for one prediction per example
  const std::string scope_;
  Wiring<S> wiring_;

 private:
  int dropouts_ = 0, pools_made_ = 0;
};

}  // namespace rnnlab
