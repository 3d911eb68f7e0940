#include "nn/layers/rearrange.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class S>
class Rearrange final : public Parameterless<S> {
 public:
  Rearrange(int width, std::vector<int> order)
      : F_(width), ld_(round_up(width, lanes<S>)), order_(std::move(order)) {}

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, F_, ld_};
  }

  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    RNNLAB_CHECK_EQ(static_cast<std::size_t>(x.T), order_.size());
    Carver<S> carver(memory);
    const Seq<S> y{frame(carver, x.T, x.B).y, x.T, x.B, F_, ld_, x.length};
    for (int t = 0; t < x.T; ++t) {
      for (int b = 0; b < x.B; ++b)
        std::fill(std::copy_n(x.at(from(t), b), F_, y.at(t, b)), y.at(t, b) + ld_, S{0});
    }
    return y;
  }

  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    const Seq<S> dx{f.dx, x.T, x.B, F_, ld_};
    for (int t = 0; t < x.T; ++t) {
      for (int b = 0; b < x.B; ++b) {
        std::fill(std::copy_n(dy.every.at(t, b), F_, dx.at(from(t), b)), dx.at(from(t), b) + ld_,
                  S{0});
      }
      if (dy.exponent)
        std::copy_n(dy.exponent + size(t, x.B), x.B, f.exponent + size(from(t), x.B));
    }
    return {.every = dx, .exponent = dy.exponent ? f.exponent : nullptr};
  }

 private:
  struct Frame {
    S *y, *dx;      // [T, b, ld]
    int* exponent;  // [T, b]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(T, b, ld_)), c.take(size(T, b, ld_)), take_ints(c, size(T, b))};
  }
  int from(int t) const { return order_[static_cast<std::size_t>(t)]; }

  const int F_, ld_;
  const std::vector<int> order_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_rearrange(int width, std::vector<int> order) {
  return std::make_unique<Rearrange<S>>(width, std::move(order));
}

template std::unique_ptr<Layer<float>> make_rearrange(int, std::vector<int>);
template std::unique_ptr<Layer<double>> make_rearrange(int, std::vector<int>);

}  // namespace rnnlab
