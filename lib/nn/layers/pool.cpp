#include "nn/layers/pool.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "base/phases.hpp"
#include "math/lanes.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

/// What the pools have in common: y [b, ld] at the frame's beginning.
template <class S>
class Pool : public Parameterless<S> {
 public:
  explicit Pool(int width) : F_(width), ld_(round_up(width, lanes<S>)) {}

  bool pools() const override { return true; }
  Seq<const S> output(S* memory, int, int b) const override { return {memory, 1, b, F_, ld_}; }

 protected:
  static int steps(Seq<const S> x, int column) { return x.length ? x.length[column] : x.T; }

  const int F_, ld_;
};

template <class S>
class LastPool final : public Pool<S> {
 public:
  using Pool<S>::Pool;

  std::size_t frame_size(int, int b) const override { return size(b, this->ld_); }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    const Seq<S> y{memory, 1, x.B, this->F_, this->ld_};
    for (int b = 0; b < x.B; ++b) std::copy_n(x.at(this->steps(x, b) - 1, b), x.ld, y.at(0, b));
    return y;
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S*,
                       const StateTrace&) const override {
    return {.last = dy.every, .length = x.length};
  }
};

template <class S>
class MeanPool final : public Pool<S> {
 public:
  using Pool<S>::Pool;

  std::size_t frame_size(int T, int b) const override {
    return size(b, this->ld_) + size(T, b, this->ld_);
  }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    const Seq<S> y{memory, 1, x.B, this->F_, this->ld_};
    std::fill_n(y.p, size(x.B, y.ld), S{0});
    for (int t = 0; t < x.T; ++t) {
      for (int b = 0; b < x.B; ++b) {
        for (int i = 0; t < this->steps(x, b) && i < x.F; ++i) y.at(0, b)[i] += x.at(t, b)[i];
      }
    }
    for (int b = 0; b < x.B; ++b) {
      const S share = S{1} / static_cast<S>(this->steps(x, b));
      for (int i = 0; i < x.F; ++i) y.at(0, b)[i] *= share;
    }
    return y;
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    const Seq<S> dx{memory + size(x.B, this->ld_), x.T, x.B, this->F_, this->ld_};
    for (int b = 0; b < x.B; ++b) {
      const S share = S{1} / static_cast<S>(this->steps(x, b));
      for (int t = 0; t < x.T; ++t) {
        const bool inside = t < this->steps(x, b);
        for (int i = 0; i < dx.ld; ++i) dx.at(t, b)[i] = inside ? share * dy.every.at(0, b)[i] : 0;
      }
    }
    return {.every = dx};
  }
};

template <class S>
class MaxPool final : public Pool<S> {
 public:
  using Pool<S>::Pool;

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    for (int b = 0; b < x.B; ++b) {
      S* y = f.y + size(b, this->ld_);
      int* at = f.at + size(b, this->ld_);
      std::copy_n(x.at(0, b), this->ld_, y);
      std::fill_n(at, this->ld_, 0);
      for (int t = 1; t < this->steps(x, b); ++t) {
        for (int i = 0; i < x.F; ++i) {
          if (!(x.at(t, b)[i] > y[i])) continue;
          y[i] = x.at(t, b)[i];
          at[i] = t;
        }
      }
    }
    return {f.y, 1, x.B, this->F_, this->ld_};
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    const Seq<S> dx{f.dx, x.T, x.B, this->F_, this->ld_};
    std::fill_n(dx.p, size(x.T, x.B, dx.ld), S{0});
    for (int b = 0; b < x.B; ++b) {
      for (int i = 0; i < x.F; ++i)
        dx.at(f.at[size(b, this->ld_) + static_cast<std::size_t>(i)], b)[i] = dy.every.at(0, b)[i];
    }
    return {.every = dx};
  }

 private:
  struct Frame {
    S* y;     // [b, ld]
    int* at;  // [b, ld]: the step that has the maximum
    S* dx;    // [T, b, ld]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(size(b, this->ld_)), take_ints(c, size(b, this->ld_)),
            c.take(size(T, b, this->ld_))};
  }
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_pool(const std::string& kind, int width) {
  if (kind == "last") return std::make_unique<LastPool<S>>(width);
  if (kind == "mean") return std::make_unique<MeanPool<S>>(width);
  RNNLAB_CHECK_EQ(kind, "max");
  return std::make_unique<MaxPool<S>>(width);
}

template std::unique_ptr<Layer<float>> make_pool(const std::string&, int);
template std::unique_ptr<Layer<double>> make_pool(const std::string&, int);

}  // namespace rnnlab
