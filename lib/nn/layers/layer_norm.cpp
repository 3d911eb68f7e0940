#include "nn/layers/layer_norm.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "math/lanes.hpp"
#include "nn/layers/normalization.hpp"

namespace rnnlab {
namespace {

template <class S>
class LayerNorm final : public Layer<S> {
 public:
  LayerNorm(int width, std::string prefix)
      : F_(width), ld_(round_up(width, lanes<S>)), norm_(width, 1), prefix_(std::move(prefix)) {}

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
  void unpack(const S* /*theta*/, const S* slab, S scale, S* gradient) const override {
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
    const int columns = x.T * x.B;
    for (int column = 0; column < columns; ++column)
      std::copy_n(packed + ld_, ld_, f.y + size(column, ld_));
    norm_.forward(x.p, x.ld, packed, f.y, ld_, f.normed, f.deviation, columns);
    return {f.y, x.T, x.B, F_, ld_, x.length};
  }
  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    const int columns = x.T * x.B;
    norm_.backward(dy.every.p, dy.every.ld, packed, f.normed, f.deviation, slab, f.dx, ld_, false,
                   columns);
    for (int column = 0; column < columns; ++column) {
      for (int i = 0; i < F_; ++i) slab[ld_ + i] += dy.every.p[size(column, dy.every.ld) + i];
    }
    return {.every = {f.dx, x.T, x.B, F_, ld_}, .exponent = dy.exponent};
  }

 private:
  struct Frame {
    S* normed;     // [T, b, ld]: (x − μ) / √(σ² + ε)
    S* deviation;  // [T, b]: 1 / √(σ² + ε)
    S *y, *dx;     // [T, b, ld]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(T, b, ld_)), c.take(size(T, b)), c.take(size(T, b, ld_)),
            c.take(size(T, b, ld_))};
  }

  const int F_, ld_;
  const Normalization<S> norm_;
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
