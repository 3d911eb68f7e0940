#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "nn/layer.hpp"
#include "nn/models/graph.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// From what the encoders have read to where the decoder starts. Entries of the decoder's carried
/// state are targets, each made of a vector z by z itself or by tanh(W z + b):
///
///   z = some entries of the encoders' last states, side by side, or added up
///   z = mean, maximum or attention over all of an encoder's states (`pool`), side by side
template <class S>
class Bridge {
 public:
  /// Entries [begin, begin + width) of encoder `encoder`'s carried state; of its pooled states
  /// where the bridge pools.
  struct Source {
    int encoder, begin, width;
  };
  struct Options {
    std::string pool;  // empty: last states
    bool transforms = false;
    bool sums = false;  // an encoder's sources are added up, not side by side
    bool bias = true;
    std::string init = "glorot";  // of its matrices: MatrixInit's kind …
    double init_std = 0;          // … and deviation
    std::vector<int> memory;      // width of each encoder's states
  };
  Bridge(Options, std::shared_ptr<ParamLayout>);

  /// A target of `width` entries from `begin` on. `name` is of the transformation's parameters,
  /// bridge.NAME.weight and .bias. REQUIRES: without a transformation, as wide as z.
  void add(const std::string& name, int begin, int width, std::vector<Source> sources);
  /// The width of z.
  int width(const std::vector<Source>& sources) const;

  void initialize(Key, S* theta) const;
  std::size_t packed_size() const { return packed_size_; }
  void pack(const S* theta, S* packed) const;
  std::size_t slab_size() const { return slab_size_; }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const;
  /// For encoders of so many steps.
  std::size_t frame_size(std::span<const int> steps, int b) const;

  /// What an encoder has left behind, and, backwards, where the gradient by it is added.
  struct Encoder {
    const S* state;  // [b, ld]
    int ld;
    Seq<const S> memory;
    S* left = nullptr;
    Seq<S> d_memory{};
  };
  /// Writes the targets into `start` [b, ld].
  void forward(const S* packed, std::span<const Encoder>, int b, S* start, int ld, S* frame) const;
  /// The first value of the last forward that is not finite, in a pool or a transformation.
  std::optional<NonFinite> first_nonfinite(std::span<const Encoder>, int b, S* frame) const;
  std::vector<std::string> names() const;
  /// From ∂L/∂(start).
  void backward(const S* packed, std::span<const Encoder>, int b, const S* entered, int ld, S* slab,
                S* frame) const;

 private:
  /// A graph and its share of the slabs.
  struct Part {
    Graph<S> graph;
    std::size_t packed, slab;
  };
  struct Target {
    int begin, width;
    std::vector<Source> sources;
    int transformation;  // among parts_; −1: none
  };
  static constexpr int most_parts = 2 * max_layers + 4;
  struct Frame {
    std::array<S*, most_parts> part;   // frames of the parts
    std::array<S*, most_parts> z, dy;  // [b, ld]: z of each target, and ∂L/∂(what it becomes)
    std::array<S*, 2> d_pooled;        // [b, ld]
  };
  int add_part(Graph<S>);
  Frame frame(Carver<S>&, std::span<const int> steps, int b) const;
  Frame frame(S* memory, std::span<const Encoder>, int b) const;
  /// Calls f(source, entries of z in front of it).
  template <class F>
  void for_each_source(const Target&, F&& f) const;
  Seq<const S> z(const Frame&, std::size_t target, int b) const;

  const Options o_;
  std::shared_ptr<ParamLayout> layout_;
  std::vector<Part> parts_;  // one pool per encoder, where the bridge pools; then transformations
  std::vector<Target> targets_;
  std::size_t packed_size_ = 0, slab_size_ = 0;
};

}  // namespace rnnlab
