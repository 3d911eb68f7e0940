#pragma once

#include "nn/layer.hpp"

namespace rnnlab {

/// A layer without anything to learn.
template <class S>
class Parameterless : public Layer<S> {
 public:
  void declare(ParamLayout&) override {}
  void initialize(Key, S*) const override {}
  std::size_t packed_size() const override { return 0; }
  void pack(const S*, S*) const override {}
  std::size_t slab_size() const override { return 0; }
  void unpack(const S*, const S*, S, S*) const override {}
};

}  // namespace rnnlab
