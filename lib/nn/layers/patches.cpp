#include "nn/layers/patches.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class S>
class Patches final : public Parameterless<S> {
 public:
  Patches(int width, int rows, int columns, int side)
      : F_(width),
        across_(columns / side),
        side_(side),
        W_(side * side * width),
        ld_(round_up(W_, lanes<S>)) {
    RNNLAB_CHECK_EQ(rows % side, 0);
    RNNLAB_CHECK_EQ(columns % side, 0);
  }

  int shrinks() const override { return side_ * side_; }
  std::size_t frame_size(int T, int b) const override {
    return size((T / shrinks()), b, ld_) + size(T, b, round_up(F_, lanes<S>));
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    return {memory, (T / shrinks()), b, W_, ld_};
  }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    const Seq<S> y{memory, x.T / shrinks(), x.B, W_, ld_};
    std::fill_n(y.p, size(y.T, y.B, ld_), S{0});
    for_each_point(x.T, [&](int t, int patch, int first) {
      for (int b = 0; b < x.B; ++b) std::copy_n(x.at(t, b), F_, y.at(patch, b) + first);
    });
    return y;
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    const Seq<S> dx{memory + size(x.T / shrinks(), x.B, ld_), x.T, x.B, F_, round_up(F_, lanes<S>)};
    for_each_point(x.T, [&](int t, int patch, int first) {
      for (int b = 0; b < x.B; ++b) {
        S* const to = dx.at(t, b);
        std::fill(std::copy_n(dy.every.at(patch, b) + first, F_, to), to + dx.ld, S{0});
      }
    });
    return {.every = dx};
  }

 private:
  /// f(step of the image, patch, where the point's values begin in it)
  template <class F>
  void for_each_point(int T, F&& f) const {
    const int columns = across_ * side_;
    for (int t = 0; t < T; ++t) {
      const int i = t / columns, j = t % columns;
      f(t, i / side_ * across_ + j / side_, (i % side_ * side_ + j % side_) * F_);
    }
  }

  const int F_, across_, side_, W_, ld_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_patches(int width, int rows, int columns, int side) {
  return std::make_unique<Patches<S>>(width, rows, columns, side);
}

template std::unique_ptr<Layer<float>> make_patches(int, int, int, int);
template std::unique_ptr<Layer<double>> make_patches(int, int, int, int);

}  // namespace rnnlab
