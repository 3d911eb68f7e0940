#include "nn/layers/positions.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.hpp"
#include "math/lanes.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

/// y = x + table, y [T, b, ld] in the frame.
template <class S>
Seq<S> moved(Seq<const S> x, const S* table, S* frame) {
  const Seq<S> y{frame, x.T, x.B, x.F, x.ld, x.length};
  for (int t = 0; t < x.T; ++t) {
    const S* p = table + size(t, x.ld);
    for (int b = 0; b < x.B; ++b) {
      for (int i = 0; i < x.ld; ++i) y.at(t, b)[i] = x.at(t, b)[i] + p[i];
    }
  }
  return y;
}

template <class S>
class SinusoidalPositions final : public Parameterless<S> {
 public:
  SinusoidalPositions(int width, int steps)
      : F_(width), ld_(round_up(width, lanes<S>)), table_(size(steps, ld_)) {
    for (int t = 0; t < steps; ++t) {
      for (int i = 0; i < F_; ++i) {
        const double angle = t / std::pow(10000.0, 2.0 * (i / 2) / F_);
        table_[size(t, ld_) + static_cast<std::size_t>(i)] =
            static_cast<S>(i % 2 == 0 ? std::sin(angle) : std::cos(angle));
      }
    }
  }

  std::size_t frame_size(int T, int b) const override { return size(T, b, ld_); }
  Seq<const S> output(S* frame, int T, int b) const override { return {frame, T, b, F_, ld_}; }
  Seq<S> forward(const S*, Seq<const S> x, S* frame, const Pass<S>&) const override {
    RNNLAB_CHECK_EQ(x.ld, ld_);
    RNNLAB_CHECK_LE(size(x.T, ld_), table_.size());
    return moved(x, table_.data(), frame);
  }
  Upstream<S> backward(const S*, Seq<const S>, const Upstream<S>& dy, S*, S*,
                       const StateTrace&) const override {
    return dy;
  }

 private:
  const int F_, ld_;
  std::vector<S> table_;  // [steps, ld]
};

template <class S>
class LearnedPositions final : public Layer<S> {
 public:
  LearnedPositions(int width, int steps)
      : F_(width), ld_(round_up(width, lanes<S>)), steps_(steps) {}

  void declare(ParamLayout& layout) override {
    index_ = layout.count();
    at_ = layout.add("positions.weight", steps_, F_);
  }
  void initialize(Key key, S* theta) const override {
    fill_matrix({.kind = "normal", .deviation = 0.02}, key, index_, steps_, F_, theta + at_);
  }
  // Packed and slab: rows padded to whole lane groups.
  std::size_t packed_size() const override { return size(steps_, ld_); }
  void pack(const S* theta, S* packed) const override {
    std::fill_n(packed, packed_size(), S{0});
    for (int t = 0; t < steps_; ++t)
      std::copy_n(theta + at_ + size(t, F_), F_, packed + size(t, ld_));
  }
  std::size_t slab_size() const override { return packed_size(); }
  void unpack(const S* /*theta*/, const S* slab, S scale, S* gradient) const override {
    for (int t = 0; t < steps_; ++t) {
      S* to = gradient + at_ + size(t, F_);
      for (int i = 0; i < F_; ++i)
        to[i] += scale * slab[size(t, ld_) + static_cast<std::size_t>(i)];
    }
  }

  std::size_t frame_size(int T, int b) const override { return size(T, b, ld_); }
  Seq<const S> output(S* frame, int T, int b) const override { return {frame, T, b, F_, ld_}; }
  Seq<S> forward(const S* packed, Seq<const S> x, S* frame, const Pass<S>&) const override {
    RNNLAB_CHECK_EQ(x.ld, ld_);
    RNNLAB_CHECK_LE(x.T, steps_);
    return moved(x, packed, frame);
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S* slab, S*,
                       const StateTrace&) const override {
    for (int t = 0; t < x.T; ++t) {
      S* to = slab + size(t, ld_);
      for (int b = 0; b < x.B; ++b) {
        for (int i = 0; i < F_; ++i) to[i] += dy.every.at(t, b)[i];
      }
    }
    return dy;
  }

 private:
  const int F_, ld_, steps_;
  std::size_t index_ = 0, at_ = 0;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_sinusoidal_positions(int width, int steps) {
  return std::make_unique<SinusoidalPositions<S>>(width, steps);
}

template <class S>
std::unique_ptr<Layer<S>> make_learned_positions(int width, int steps) {
  return std::make_unique<LearnedPositions<S>>(width, steps);
}

template std::unique_ptr<Layer<float>> make_sinusoidal_positions(int, int);
template std::unique_ptr<Layer<double>> make_sinusoidal_positions(int, int);
template std::unique_ptr<Layer<float>> make_learned_positions(int, int);
template std::unique_ptr<Layer<double>> make_learned_positions(int, int);

}  // namespace rnnlab
