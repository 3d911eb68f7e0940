#include "nn/layers/window.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class S>
class Window final : public Parameterless<S> {
 public:
  explicit Window(const WindowOptions& o)
      : o_(o), W_(o.steps * o.width), ld_(round_up(W_, lanes<S>)) {}

  bool pools() const override { return o_.last; }
  int state_size() const override { return W_ - o_.width; }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, o_.last ? 1 : T, b, W_, ld_};
  }

  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>& pass) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    const Seq<S> y{f.y, o_.last ? 1 : x.T, x.B, W_, ld_, o_.last ? nullptr : x.length};
    std::fill_n(y.p, size(y.T, y.B, y.ld), S{0});
    for (int b = 0; b < x.B; ++b) {
      const S* before =
          pass.carried.enters(b) ? pass.carried.p + size(b, pass.carried.ld) : nullptr;
      for (int t = 0; t < y.T; ++t)
        gather(x, b, o_.last ? steps(x, b) - 1 : t, before, 0, y.at(t, b));
      if (pass.carried.p) carry_out(x, b, pass.carried, before, f.state);
    }
    return y;
  }

  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    if (x.symbol) return {};
    Carver<S> carver(memory);
    const Seq<S> dx{frame(carver, x.T, x.B).dx, x.T, x.B, o_.width, round_up(o_.width, lanes<S>)};
    std::fill_n(dx.p, size(x.T, x.B, dx.ld), S{0});
    for (int b = 0; b < x.B; ++b) {
      for (int t = 0; t < dy.every.T; ++t) {
        const int end = o_.last ? steps(x, b) - 1 : t;
        for (int k = 0; k < o_.steps; ++k) {
          const int source = end - o_.steps + 1 + k;
          if (source < 0) continue;
          const S* from = dy.every.at(t, b) + k * o_.width;
          for (int i = 0; i < o_.width; ++i) dx.at(source, b)[i] += from[i];
        }
      }
    }
    return {.every = dx};
  }

 private:
  struct Frame {
    S* y;      // [T, b, ld], or [b, ld]
    S* dx;     // [T, b, Fp]
    S* state;  // [k·F]: one column's steps, on their way out
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(o_.last ? 1 : T, b, ld_)), c.take(size(T, b, round_up(o_.width, lanes<S>))),
            c.take(size(1, W_))};
  }
  static int steps(Seq<const S> x, int column) { return x.length ? x.length[column] : x.T; }

  /// The window of column b that ends with step `end`, from its step `first` on; `before`: the k −
  /// 1 steps before the first of x.
  void gather(Seq<const S> x, int b, int end, const S* before, int first, S* to) const {
    for (int k = first; k < o_.steps; ++k, to += o_.width) {
      const int source = end - o_.steps + 1 + k;
      if (source < 0) {
        if (before) std::copy_n(before + size(source + o_.steps - 1, o_.width), o_.width, to);
      } else if (x.symbol) {
        to[x.symbol[size(source, x.B) + static_cast<std::size_t>(b)]] = 1;
      } else {
        std::copy_n(x.at(source, b), o_.width, to);
      }
    }
  }
  void carry_out(Seq<const S> x, int b, const CarriedState<S>& carried, const S* before,
                 S* state) const {
    int last = steps(x, b);
    if (carried.leave_after > 0) last = std::min(last, carried.leave_after);
    std::fill_n(state, W_, S{0});
    gather(x, b, last - 1, before, 1, state);
    std::copy_n(state, W_ - o_.width, carried.p + size(b, carried.ld));
  }

  const WindowOptions o_;
  const int W_, ld_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_window(const WindowOptions& options) {
  return std::make_unique<Window<S>>(options);
}

template std::unique_ptr<Layer<float>> make_window(const WindowOptions&);
template std::unique_ptr<Layer<double>> make_window(const WindowOptions&);

}  // namespace rnnlab
