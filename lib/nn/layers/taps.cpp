#include "nn/layers/taps.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/phases.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class S>
class Taps final : public Parameterless<S> {
 public:
  explicit Taps(const TapsOptions& o)
      : o_(o),
        W_(o.width * o.kernel),
        ld_(round_up(W_, lanes<S>)),
        ld_x_(round_up(o.width, lanes<S>)) {}

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, W_, ld_};
  }

  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    enter_phase(Phase::input_product);
    Carver<S> carver(memory);
    const Seq<S> y{frame(carver, x.T, x.B).y, x.T, x.B, W_, ld_, x.length};
    std::fill_n(y.p, size(x.T, x.B, ld_), S{0});
    for_each_tap(x.T, [&](int k, int t, int source) {
      for (int b = 0; b < x.B; ++b) {
        const S* from = x.at(source, b);
        S* to = y.at(t, b) + k;
        for (int i = 0; i < o_.width; ++i) to[size(i, o_.kernel)] = from[i];
      }
    });
    return y;
  }

  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    enter_phase(Phase::backward);
    Carver<S> carver(memory);
    const Seq<S> dx{frame(carver, x.T, x.B).dx, x.T, x.B, o_.width, ld_x_};
    std::fill_n(dx.p, size(x.T, x.B, ld_x_), S{0});
    for_each_tap(x.T, [&](int k, int t, int source) {
      for (int b = 0; b < x.B; ++b) {
        const S* from = dy.every.at(t, b) + k;
        S* to = dx.at(source, b);
        for (int i = 0; i < o_.width; ++i) to[i] += from[size(i, o_.kernel)];
      }
    });
    return {.every = dx};
  }

 private:
  struct Frame {
    S* y;   // [T, b, ld]
    S* dx;  // [T, b, Ip]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(T, b, ld_)), c.take(size(T, b, ld_x_))};
  }
  /// f(tap, step, the step that it sees there)
  template <class F>
  void for_each_tap(int T, F&& f) const {
    for (int k = 0; k < o_.kernel; ++k) {
      const int before = (o_.kernel - 1 - k) * o_.dilation;
      for (int t = before; t < T; ++t) f(k, t, t - before);
    }
  }

  const TapsOptions o_;
  const int W_, ld_, ld_x_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_taps(const TapsOptions& options) {
  return std::make_unique<Taps<S>>(options);
}

template std::unique_ptr<Layer<float>> make_taps(const TapsOptions&);
template std::unique_ptr<Layer<double>> make_taps(const TapsOptions&);

}  // namespace rnnlab
