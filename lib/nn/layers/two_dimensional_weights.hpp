#pragma once

#include <algorithm>

#include "base/arena.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/affine.hpp"
#include "nn/layers/points.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// The parameters of a recurrence of two dimensions, in θ and as its products want them.
template <class S>
class TwoDimensionalWeights {
 public:
  /// `inputs`: rows of x that W_ih reads.
  TwoDimensionalWeights(const TwoDimensionalOptions& o, const Points& points, int inputs)
      : o_(o),
        points_(points),
        from_x_(o.hidden, points.gates, inputs),
        from_h_(o.hidden, points.gates, o.hidden) {}

  const Affine<S>& from_x() const { return from_x_; }
  const Affine<S>& from_h() const { return from_h_; }

  struct Packed {
    typename Affine<S>::Packed x, left, up;
    S* bias;  // [G·Hp], as all columns of a in the order of RowBlocks
  };
  struct Gradient {
    S *x, *left, *up, *bias;
  };
  Packed packed(Carver<S>& c) const {
    const auto x = from_x_.packed(c), left = from_h_.packed(c), up = from_h_.packed(c);
    return {x, left, up, c.take(rows())};
  }
  Gradient slab(Carver<S>& c) const {
    S* const x = from_x_.slab(c);
    S* const left = from_h_.slab(c);
    S* const up = from_h_.slab(c);
    return {x, left, up, c.take(rows())};
  }

  void declare(ParamLayout& layout) {
    const int rows = points_.gates * o_.hidden;
    first_ = layout.count();
    x_ = layout.add("weight_ih" + o_.suffix, rows, from_x_.inputs());
    left_ = layout.add("weight_left" + o_.suffix, rows, o_.hidden);
    up_ = layout.add("weight_up" + o_.suffix, rows, o_.hidden);
    if (o_.bias) bias_ = layout.add("bias" + o_.suffix, rows, 0);
  }
  void initialize(Key key, S* theta) const {
    const int H = o_.hidden, rows = points_.gates * H;
    MatrixInit init{.kind = o_.init,
                    .fan_out = H,
                    .width = H,
                    .gain = o_.input_gain,
                    .deviation = o_.init_std,
                    .connections = o_.init_connections,
                    .blocks = points_.gates};
    fill_matrix(init, key, first_, rows, from_x_.inputs(), theta + x_);
    init.kind = o_.recurrent_init;
    init.gain = o_.spectral_radius;
    init.rescale = true;
    fill_matrix(init, key, first_ + 1, rows, H, theta + left_);
    fill_matrix(init, key, first_ + 2, rows, H, theta + up_);
    if (!o_.bias) return;
    std::fill_n(theta + bias_, rows, S{0});
    for (const int gate : points_.forget_gates)
      std::fill_n(theta + bias_ + gate * H, H, static_cast<S>(o_.forget_bias));
  }

  std::size_t packed_size() const {
    return room_for<S>([&](Carver<S>& carver) { packed(carver); });
  }
  void pack(const S* theta, S* to) const {
    Carver<S> carver(to);
    const Packed p = packed(carver);
    from_x_.pack(theta + x_, p.x);
    from_h_.pack(theta + left_, p.left);
    from_h_.pack(theta + up_, p.up);
    std::fill_n(p.bias, rows(), S{0});
    for_each_bias([&](std::size_t row, int at) { p.bias[at] = theta[bias_ + row]; });
  }
  std::size_t slab_size() const {
    return room_for<S>([&](Carver<S>& carver) { slab(carver); });
  }
  void unpack(const S* from, S scale, S* gradient) const {
    Carver<S> carver(const_cast<S*>(from));
    const Gradient g = slab(carver);
    from_x_.unpack(g.x, scale, gradient + x_);
    from_h_.unpack(g.left, scale, gradient + left_);
    from_h_.unpack(g.up, scale, gradient + up_);
    for_each_bias([&](std::size_t row, int at) { gradient[bias_ + row] += scale * g.bias[at]; });
  }

 private:
  std::size_t rows() const { return static_cast<std::size_t>(from_h_.rows().rows()); }
  /// f(row of the vector, its place in a column)
  template <class F>
  void for_each_bias(F&& f) const {
    const int H = o_.hidden, padded = from_h_.rows().padded();
    for (int gate = 0; o_.bias && gate < points_.gates; ++gate) {
      for (int u = 0; u < H; ++u) {
        f(static_cast<std::size_t>(gate * H + u),
          place_in_column<S>(points_.gates, padded, gate, u));
      }
    }
  }

  const TwoDimensionalOptions o_;
  const Points points_;
  const Affine<S> from_x_, from_h_;
  std::size_t first_ = 0, x_ = 0, left_ = 0, up_ = 0, bias_ = 0;
};

}  // namespace rnnlab
