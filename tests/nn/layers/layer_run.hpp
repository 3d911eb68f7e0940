#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "base/arena.hpp"
#include "base/rng.hpp"
#include "math/lanes.hpp"
#include "nn/layer.hpp"

namespace rnnlab::test {

/// Numbers that a float holds exactly, so that both precisions start from the same.
inline std::vector<double> float_noise(std::size_t n, double scale, std::uint64_t index) {
  Rng rng({21, Stream::test}, index);
  std::vector<double> x(n);
  for (double& v : x) v = static_cast<double>(static_cast<float>(scale * rng.normal()));
  return x;
}

/// A [T, b, F] sequence in memory of its own, its columns `ld` apart and `beyond` between them.
template <class S>
class OwnedSeq {
 public:
  OwnedSeq(int T, int b, int F, int ld, double beyond)
      : memory_(static_cast<std::size_t>(T) * static_cast<std::size_t>(b) *
                static_cast<std::size_t>(ld)),
        view_{memory_.data(), T, b, F, ld} {
    for (std::size_t i = 0; i < memory_.size(); ++i) memory_[i] = static_cast<S>(beyond);
  }
  /// From [T, b, F] without gaps.
  OwnedSeq(const std::vector<double>& values, int T, int b, int F, int ld, double beyond)
      : OwnedSeq(T, b, F, ld, beyond) {
    std::size_t i = 0;
    for (int t = 0; t < T; ++t) {
      for (int column = 0; column < b; ++column) {
        for (int f = 0; f < F; ++f) view_.at(t, column)[f] = static_cast<S>(values[i++]);
      }
    }
  }
  Seq<S> view() const { return view_; }

 private:
  Slab<S> memory_;
  Seq<S> view_;
};

/// [T, b, F] without gaps.
template <class S>
std::vector<double> dense_copy(Seq<const S> seq) {
  std::vector<double> values;
  for (int t = 0; t < seq.T; ++t) {
    for (int b = 0; b < seq.B; ++b) {
      for (int f = 0; f < seq.F; ++f) values.push_back(static_cast<double>(seq.at(t, b)[f]));
    }
  }
  return values;
}

/// A layer with memory for its parameters, packed weights, gradient slab and frame, all but the
/// slab full of NaN: whatever a layer reads before it has written shows.
template <class S>
struct LayerRun {
  std::unique_ptr<Layer<S>> layer;
  ParamLayout layout;
  Slab<S> theta, packed, slab, frame;

  LayerRun(std::unique_ptr<Layer<S>> made, int T, int b) : layer(std::move(made)) {
    layer->declare(layout);
    theta = Slab<S>(layout.size());
    packed = spoiled(layer->packed_size());
    slab = Slab<S>(layer->slab_size());
    frame = spoiled(layer->frame_size(T, b));
  }

  void set(const std::vector<double>& values) {
    for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = static_cast<S>(values[i]);
    layer->pack(theta.data(), packed.data());
  }
  Seq<S> forward(Seq<const S> x) const { return layer->forward(packed.data(), x, frame.data()); }
  Seq<const S> backward(Seq<const S> x, const Upstream<S>& dy) const {
    return layer->backward(packed.data(), x, dy, slab.data(), frame.data(), {}).every;
  }
  /// The slab in θ's layout.
  std::vector<double> gradient(double scale = 1) const {
    std::vector<S> g(layout.size(), S{0});
    layer->unpack(theta.data(), slab.data(), static_cast<S>(scale), g.data());
    return {g.begin(), g.end()};
  }

 private:
  static Slab<S> spoiled(std::size_t n) {
    Slab<S> memory(n);
    for (std::size_t i = 0; i < n; ++i) memory[i] = std::numeric_limits<S>::quiet_NaN();
    return memory;
  }
};

/// max |a − b| / max |b| over [begin, end); infinite if sizes differ or something is not a number.
inline double relative_error(const std::vector<double>& a, const std::vector<double>& b,
                             std::size_t begin, std::size_t end) {
  if (a.size() != b.size()) return HUGE_VAL;
  double worst = 0, largest = std::numeric_limits<double>::min();
  for (std::size_t i = begin; i < end; ++i) {
    const double error = std::abs(a[i] - b[i]);
    worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
    largest = std::max(largest, std::abs(b[i]));
  }
  return worst / largest;
}

inline double relative_error(const std::vector<double>& a, const std::vector<double>& b) {
  return relative_error(a, b, 0, b.size());
}

/// The worst of the parameters' relative errors.
inline double relative_error(const ParamLayout& layout, const std::vector<double>& a,
                             const std::vector<double>& b) {
  double worst = a.size() == layout.size() ? 0 : HUGE_VAL;
  for (const Parameter& p : layout) {
    worst = std::max(worst, relative_error(a, b, p.offset, p.offset + p.size()));
  }
  return worst;
}

}  // namespace rnnlab::test
