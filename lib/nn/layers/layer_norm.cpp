#include "nn/layers/layer_norm.hpp"

#include <algorithm>
#include <cmath>

#include "base/arena.hpp"
#include "math/lanes.hpp"

namespace rnnlab {
namespace {

template <class S>
class LayerNorm final : public Layer<S> {
 public:
  LayerNorm(int width, std::string prefix)
      : F_(width), ld_(round_up(width, lanes<S>)), prefix_(std::move(prefix)) {}

  void declare(ParamLayout& layout) override {
    gamma_ = layout.add(prefix_ + "weight", F_, 0);
    beta_ = layout.add(prefix_ + "bias", F_, 0);
  }
  void initialize(Key, S* theta) const override {
    std::fill_n(theta + gamma_, F_, S{1});
    std::fill_n(theta + beta_, F_, S{0});
  }
  // Packed and slab: γ, then β.
  std::size_t packed_size() const override { return 2 * size(1, ld_); }
  void pack(const S* theta, S* packed) const override {
    std::fill_n(packed, packed_size(), S{0});
    std::copy_n(theta + gamma_, F_, packed);
    std::copy_n(theta + beta_, F_, packed + ld_);
  }
  std::size_t slab_size() const override { return packed_size(); }
  void unpack(const S* slab, S scale, S* gradient) const override {
    for (int i = 0; i < F_; ++i) {
      gradient[gamma_ + i] += scale * slab[i];
      gradient[beta_ + i] += scale * slab[ld_ + i];
    }
  }

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, F_, ld_};
  }
  Seq<S> forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    for (int column = 0; column < x.T * x.B; ++column) {
      const S* from = x.p + size(column, x.ld);
      S* normal = f.normal + size(column, ld_);
      S* y = f.y + size(column, ld_);
      S mean{0}, variance{0};
      for (int i = 0; i < F_; ++i) mean += from[i];
      mean /= static_cast<S>(F_);
      for (int i = 0; i < F_; ++i) variance += (from[i] - mean) * (from[i] - mean);
      const S scale = S{1} / std::sqrt(variance / static_cast<S>(F_) + static_cast<S>(1e-5));
      f.scale[column] = scale;
      for (int i = 0; i < F_; ++i) {
        normal[i] = (from[i] - mean) * scale;
        y[i] = packed[i] * normal[i] + packed[ld_ + i];
      }
      std::fill(y + F_, y + ld_, S{0});
    }
    return {f.y, x.T, x.B, F_, ld_, x.length};
  }
  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    for (int column = 0; column < x.T * x.B; ++column) {
      const S* from = dy.every.p + size(column, dy.every.ld);
      const S* normal = f.normal + size(column, ld_);
      S* dx = f.dx + size(column, ld_);
      S mean{0}, along{0};  // of ∂L/∂(normalised), and along it
      for (int i = 0; i < F_; ++i) {
        slab[i] += from[i] * normal[i];
        slab[ld_ + i] += from[i];
        const S d = from[i] * packed[i];
        mean += d;
        along += d * normal[i];
      }
      mean /= static_cast<S>(F_);
      along /= static_cast<S>(F_);
      for (int i = 0; i < F_; ++i)
        dx[i] = f.scale[column] * (from[i] * packed[i] - mean - along * normal[i]);
      std::fill(dx + F_, dx + ld_, S{0});
    }
    return {.every = {f.dx, x.T, x.B, F_, ld_}, .exponent = dy.exponent};
  }

 private:
  struct Frame {
    S* normal;  // [T, b, ld]: (x − μ) / √(σ² + ε)
    S* scale;   // [T, b]: 1 / √(σ² + ε)
    S *y, *dx;  // [T, b, ld]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(T, b, ld_)), c.take(size(T, b)), c.take(size(T, b, ld_)),
            c.take(size(T, b, ld_))};
  }

  const int F_, ld_;
  const std::string prefix_;
  std::size_t gamma_ = 0, beta_ = 0;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_layer_norm(int width, const std::string& prefix) {
  return std::make_unique<LayerNorm<S>>(width, prefix);
}

template std::unique_ptr<Layer<float>> make_layer_norm(int, const std::string&);
template std::unique_ptr<Layer<double>> make_layer_norm(int, const std::string&);

}  // namespace rnnlab
