#include "nn/layers/dropout.hpp"

#include <cmath>

#include "base/arena.hpp"
#include "base/rng.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class S>
class Dropout final : public Parameterless<S> {
 public:
  explicit Dropout(const DropoutOptions& o) : o_(o), ld_(round_up(o.width, lanes<S>)) {}

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, o_.width, ld_};
  }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>& pass) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    draw(pass.noise, f.mask, x);
    times(f.mask, x, f.y);
    return {f.y, x.T, x.B, o_.width, ld_, x.length};
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    times(f.mask, dy.every, f.dx);
    return {.every = {f.dx, x.T, x.B, o_.width, ld_}, .exponent = dy.exponent};
  }

 private:
  struct Frame {
    S* mask;  // [T, b, ld], or [b, ld] of one mask for all steps
    S *y, *dx;
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(o_.variational ? 1 : T, b, ld_)), c.take(size(T, b, ld_)),
            c.take(size(T, b, ld_))};
  }

  void draw(const NoiseKey& noise, S* mask, Seq<const S> x) const {
    const int steps = o_.variational ? 1 : x.T;
    if (!noise) {
      std::fill_n(mask, size(steps, x.B, ld_), S{1});
      return;
    }
    const S kept = static_cast<S>(1.0 / (1.0 - o_.rate));
    const auto bound = static_cast<std::uint32_t>(std::ldexp(o_.rate, 32));
    std::fill_n(mask, size(steps, x.B, ld_), S{0});
    for (int b = 0; b < x.B; ++b) {
      // Step and column fill the index; the layer is told apart by the seed's upper bits.
      const auto column = static_cast<std::uint64_t>(noise.first + b);
      Rng rng({noise.seed ^ (static_cast<std::uint64_t>(o_.index + 1) << 56), Stream::dropout},
              static_cast<std::uint64_t>(noise.step) << 20 | column);
      for (int t = 0; t < steps; ++t) {
        S* m = mask + size(t * x.B + b, ld_);
        for (int i = 0; i < o_.width; ++i) m[i] = rng.word() >= bound ? kept : S{0};
      }
    }
  }
  void times(const S* mask, Seq<const S> from, S* to) const {
    const std::size_t step = size(from.B, ld_);
    for (int t = 0; t < from.T; ++t) {
      const S* m = mask + (o_.variational ? 0 : t * step);
      for (std::size_t i = 0; i < step; i += lanes<S>)
        store<S>(to + t * step + i, load(m + i) * load(from.p + t * step + i));
    }
  }

  const DropoutOptions o_;
  const int ld_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_dropout(const DropoutOptions& options) {
  return std::make_unique<Dropout<S>>(options);
}

template std::unique_ptr<Layer<float>> make_dropout(const DropoutOptions&);
template std::unique_ptr<Layer<double>> make_dropout(const DropoutOptions&);

}  // namespace rnnlab
