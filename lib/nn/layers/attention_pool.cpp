#include <algorithm>
#include <cmath>
#include <limits>

#include "base/arena.hpp"
#include "base/phases.hpp"
#include "math/lanes.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/pool.hpp"

namespace rnnlab {
namespace {

template <class S>
class AttentionPool final : public Layer<S> {
 public:
  explicit AttentionPool(const AttentionPoolOptions& o)
      : o_(o),
        F_(o.width),
        ld_(round_up(o.width, lanes<S>)),
        dense_(make_dense<S>({.inputs = o.width,
                              .outputs = o.width,
                              .bias = o.bias,
                              .prefix = o.prefix,
                              .init = o.init,
                              .init_std = o.init_std})) {}

  void declare(ParamLayout& layout) override {
    dense_->declare(layout);
    index_ = layout.count();
    context_ = layout.add(o_.prefix + "context", F_, 0);
  }
  void initialize(Key key, S* theta) const override {
    dense_->initialize(key, theta);
    fill_matrix({.kind = o_.init, .fan_out = 1, .width = F_, .deviation = o_.init_std}, key, index_,
                1, F_, theta + context_);
  }

  // Packed and slab: the affine map's, then v.
  std::size_t packed_size() const override { return dense_->packed_size() + size(1, ld_); }
  void pack(const S* theta, S* packed) const override {
    dense_->pack(theta, packed);
    std::copy_n(theta + context_, F_, packed + dense_->packed_size());
  }
  std::size_t slab_size() const override { return dense_->slab_size() + size(1, ld_); }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const override {
    dense_->unpack(theta, slab, scale, gradient);
    for (int i = 0; i < F_; ++i) gradient[context_ + i] += scale * slab[dense_->slab_size() + i];
  }

  bool pools() const override { return true; }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, 1, b, F_, ld_};
  }
  Seq<S> forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>& pass) const override;
  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* memory,
                       const StateTrace& trace) const override;

 private:
  struct Frame {
    S* y;      // [b, ld]
    S* alpha;  // [T, b]: the weights, zero past the end
    S* dense;
    S* da;  // [T, b, ld]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(b, ld_)), c.take(size(T, b)), c.take(dense_->frame_size(T, b)),
            c.take(size(T, b, ld_))};
  }
  static int steps(Seq<const S> x, int column) { return x.length ? x.length[column] : x.T; }
  S dot(const S* a, const S* b) const {
    S sum{0};
    for (int i = 0; i < F_; ++i) sum += a[i] * b[i];
    return sum;
  }

  const AttentionPoolOptions o_;
  const int F_, ld_;
  std::unique_ptr<Layer<S>> dense_;
  std::size_t index_ = 0, context_ = 0;
};

template <class S>
Seq<S> AttentionPool<S>::forward(const S* packed, Seq<const S> x, S* memory,
                                 const Pass<S>& pass) const {
  Carver<S> carver(memory);
  const Frame f = frame(carver, x.T, x.B);
  const S* v = packed + dense_->packed_size();
  const Seq<S> u = dense_->forward(packed, x, f.dense, pass);
  std::fill_n(f.alpha, size(x.T, x.B), S{0});
  std::fill_n(f.y, size(x.B, ld_), S{0});
  for (int b = 0; b < x.B; ++b) {
    const auto alpha = [&](int t) -> S& {
      return f.alpha[size(t, x.B) + static_cast<std::size_t>(b)];
    };
    S largest = -std::numeric_limits<S>::infinity(), sum{0};
    for (int t = 0; t < steps(x, b); ++t) {
      for (int i = 0; i < F_; ++i) u.at(t, b)[i] = std::tanh(u.at(t, b)[i]);
      alpha(t) = dot(v, u.at(t, b));
      largest = std::max(largest, alpha(t));
    }
    for (int t = 0; t < steps(x, b); ++t) sum += alpha(t) = std::exp(alpha(t) - largest);
    for (int t = 0; t < steps(x, b); ++t) {
      alpha(t) /= sum;
      for (int i = 0; i < F_; ++i)
        f.y[size(b, ld_) + static_cast<std::size_t>(i)] += alpha(t) * x.at(t, b)[i];
    }
  }
  return {f.y, 1, x.B, F_, ld_};
}

template <class S>
Upstream<S> AttentionPool<S>::backward(const S* packed, Seq<const S> x, const Upstream<S>& dy,
                                       S* slab, S* memory, const StateTrace& trace) const {
  Carver<S> carver(memory);
  const Frame f = frame(carver, x.T, x.B);
  const S* v = packed + dense_->packed_size();
  S* dv = slab + dense_->slab_size();
  const Seq<const S> u = dense_->output(f.dense, x.T, x.B);
  const Seq<S> da{f.da, x.T, x.B, F_, ld_};
  for (int b = 0; b < x.B; ++b) {
    const auto alpha = [&](int t) { return f.alpha[size(t, x.B) + static_cast<std::size_t>(b)]; };
    S mean{0};
    for (int t = 0; t < steps(x, b); ++t) mean += alpha(t) * dot(dy.every.at(0, b), x.at(t, b));
    for (int t = 0; t < x.T; ++t) {
      if (t >= steps(x, b)) {
        std::fill_n(da.at(t, b), da.ld, S{0});
        continue;
      }
      const S de = alpha(t) * (dot(dy.every.at(0, b), x.at(t, b)) - mean);
      for (int i = 0; i < F_; ++i) {
        const S h = u.at(t, b)[i];
        dv[i] += de * h;
        da.at(t, b)[i] = de * v[i] * (1 - h * h);
      }
    }
  }
  const Upstream<S> dx = dense_->backward(packed, x, {.every = da}, slab, f.dense, trace);
  for (int t = 0; t < x.T; ++t) {
    for (int b = 0; b < x.B; ++b) {
      const S alpha = f.alpha[size(t, x.B) + static_cast<std::size_t>(b)];
      S* to = const_cast<S*>(dx.every.at(t, b));
      for (int i = 0; i < F_; ++i) to[i] += alpha * dy.every.at(0, b)[i];
    }
  }
  return {.every = dx.every};
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_attention_pool(const AttentionPoolOptions& options) {
  return std::make_unique<AttentionPool<S>>(options);
}

template std::unique_ptr<Layer<float>> make_attention_pool(const AttentionPoolOptions&);
template std::unique_ptr<Layer<double>> make_attention_pool(const AttentionPoolOptions&);

}  // namespace rnnlab
