#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.hpp"
#include "math/lanes.hpp"
#include "nn/layer.hpp"

namespace rnnlab {

/// How several sequences become one: side by side, or added up.
enum class Join { concat, sum };

/// Layers wired into an acyclic graph, seen one shard at a time as a Layer is. Nodes are sequences:
/// node 0 is the input, every layer and every join makes another one. What flows back into a node
/// is the sum of what flows out of its readers.
///
/// A reading may be reversed: each example turned about its own end, x'_s = x_{length−1−s}. A layer
/// that reads so runs from every example's last step to its first, whatever the padding.
template <class S>
class Graph {
 public:
  using Node = int;
  struct Reading {
    Node node;
    bool reversed = false;
  };
  /// `inputs`: width of node 0.
  /// `differentiated`: ∂L/∂(node 0) is wanted as well. `layout`: that of a larger model, if any.
  explicit Graph(int inputs, bool differentiated = false,
                 std::shared_ptr<ParamLayout> layout = std::make_shared<ParamLayout>())
      : layout_(std::move(layout)), nodes_{{.width = inputs, .differentiated = differentiated}} {}

  /// A layer on a node. `name` is what a report calls it; a traced layer is a recurrent one whose
  /// states' gradients can be asked for, numbered in the order of addition.
  Node add(std::unique_ptr<Layer<S>>, Node from, int width, std::string name, bool traced = false);
  /// Readings joined; one alone is that reading in memory of its own. A sum's nodes are equally
  /// wide.
  Node join(Join, std::vector<Reading> from);

  Node last() const { return count() - 1; }
  int width(Node node) const { return nodes_[at(node)].width; }
  /// Whether the node holds one step per example, not a sequence.
  bool is_pooled(Node node) const { return nodes_[at(node)].pooled; }
  /// Whether some parameter lies before the node's values.
  bool is_differentiated(Node node) const { return nodes_[at(node)].differentiated; }
  const ParamLayout& parameters() const { return *layout_; }

  void initialize(Key, S* theta) const;
  std::size_t packed_size() const { return packed_size_; }
  void pack(const S* theta, S* packed) const;
  std::size_t slab_size() const { return slab_size_; }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const;
  int state_size() const { return state_size_; }
  /// Where piece 0 (h) or 1 (c) of the state that a node's layer carries stands among all; −1: it
  /// has none.
  int state_at(Node node, int piece) const {
    const Step& step = step_of(node);
    const int place = step.layer->state_at(0, piece);
    return place < 0 ? -1 : step.state + place;
  }
  std::size_t frame_size(int T, int b) const;

  /// Runs the whole graph on x; returns the last node's sequence, which may be written to. Its
  /// layers are all given the pass' source, forwards and backwards.
  Seq<S> forward(const S* packed, Seq<const S> x, S* frame, const Pass<S>& pass) const;
  /// From ∂L/∂(last node), and ∂L/∂(the states that were carried out), to slab += ∂L/∂θ; returns
  /// ∂L/∂x in the frame where it was asked for. `traces`: one per traced layer, or none.
  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* frame,
                       std::span<const StateTrace> traces) const;

  /// The first value that is not finite in what the last forward left, node by node.
  std::optional<NonFinite> first_nonfinite(Seq<const S> x, S* frame) const;
  /// The names of the layers in the order of computation.
  std::vector<std::string> names() const;
  /// The last node's sequence as the last forward, or whoever wrote to it, has left it.
  Seq<const S> output(Seq<const S> x, S* frame) const;

 private:
  struct NodeFacts {
    int width = 0;
    bool pooled = false;
    int shrink = 1;               // it has T / shrink steps
    bool turned = false;          // its time runs backwards
    bool differentiated = false;  // some parameter lies before it
    int readers = 0;
    bool buffered = false;  // its gradient is collected in memory of its own
  };
  struct Step {
    std::unique_ptr<Layer<S>> layer;  // null: a join
    Join join = Join::concat;
    std::vector<Reading> from;
    std::string name;
    int traced = -1;
    std::size_t packed = 0, slab = 0;
    int state = 0;
  };
  /// A node in a shard's memory.
  struct Place {
    S* value;              // a layer's frame, or a join's sequence …
    std::int32_t* symbol;  // … or its symbols
    Seq<const S> view;     // what its readers read
    int* length;           // [b], where the node shrinks the input's
    Seq<S> buffer;         // its gradient, where that is collected
    int* exponent;         // [T, b], in sweeps
    Upstream<S> flow;      // what has come back so far
  };

  static constexpr int L = lanes<S>;
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  Node count() const { return static_cast<Node>(nodes_.size()); }
  const Step& step_of(Node node) const { return steps_[at(node - 1)]; }
  static int steps_in(const NodeFacts& node, int T) { return node.pooled ? 1 : T / node.shrink; }

  void read(Node);
  Node push(Step, NodeFacts);
  Place* places(Carver<S>&, int T, int b) const;
  Place* places(S* memory, Seq<const S> x) const;
  void view(Place*, Node) const;
  void join_forward(Place*, Node) const;
  void give(const Reading& to, const Upstream<S>& dx, int offset, const int* length, bool sweeps,
            Place*) const;
  void turn_back(const Layer<S>&, const StateTrace&, Seq<const S> x) const;

  std::shared_ptr<ParamLayout> layout_;
  std::vector<NodeFacts> nodes_;
  std::vector<Step> steps_;  // step i makes node i + 1
  std::size_t packed_size_ = 0, slab_size_ = 0;
  int state_size_ = 0;
  int traced_ = 0;
};

}  // namespace rnnlab
