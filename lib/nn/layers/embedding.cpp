#include "nn/layers/embedding.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/phases.hpp"
#include "nn/layers/one_hot.hpp"

namespace rnnlab {
namespace {

template <class S>
class Embedding final : public Layer<S> {
 public:
  Embedding(int symbols, int width, double deviation)
      : V_(symbols), E_(width), Ep_(round_up(width, lanes<S>)), deviation_(deviation) {}

  void declare(ParamLayout& layout) override {
    index_ = layout.count();
    at_ = layout.add("embedding.weight", V_, E_);
  }
  void initialize(Key key, S* theta) const override {
    Rng rng(key, index_);
    for (std::size_t i = 0; i < size(E_); ++i)
      theta[at_ + i] = static_cast<S>(deviation_ * rng.normal());
  }

  // Packed and slab: E with its rows padded to whole lane groups.
  std::size_t packed_size() const override { return size(Ep_); }
  void pack(const S* theta, S* packed) const override {
    if (Ep_ != E_) std::fill_n(packed, size(Ep_), S{0});
    for_each_row([&](std::size_t row, std::size_t padded) {
      std::copy_n(theta + at_ + row, E_, packed + padded);
    });
  }
  std::size_t slab_size() const override { return size(Ep_); }
  void unpack(const S* /*theta*/, const S* slab, S scale, S* gradient) const override {
    for_each_row([&](std::size_t row, std::size_t padded) {
      for (int i = 0; i < E_; ++i) gradient[at_ + row + i] += scale * slab[padded + i];
    });
  }

  std::size_t frame_size(int T, int b) const override {
    return static_cast<std::size_t>(T) * static_cast<std::size_t>(b) *
           static_cast<std::size_t>(Ep_);
  }
  Seq<S> forward(const S* packed, Seq<const S> x, S* frame, const Pass<S>&) const override {
    RNNLAB_CHECK_EQ(x.F, V_);
    enter_phase(Phase::input_product);
    std::fill_n(frame, frame_size(x.T, x.B), S{0});
    add_picked(packed, Ep_, x.symbol, x.T * x.B, frame, Ep_);
    return {frame, x.T, x.B, E_, Ep_, x.length};
  }
  Seq<const S> output(S* frame, int T, int b) const override { return {frame, T, b, E_, Ep_}; }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S* slab, S*,
                       const StateTrace&) const override {
    enter_phase(Phase::weight_gradients);
    add_to_picked(dy.every.p, dy.every.ld, Ep_, x.symbol, x.T * x.B, slab);
    return {};
  }

 private:
  std::size_t size(int width) const {
    return static_cast<std::size_t>(V_) * static_cast<std::size_t>(width);
  }
  /// Calls f(where the row begins in E, where padded).
  template <class F>
  void for_each_row(F&& f) const {
    for (int v = 0; v < V_; ++v) {
      const auto row = static_cast<std::size_t>(v);
      f(row * static_cast<std::size_t>(E_), row * static_cast<std::size_t>(Ep_));
    }
  }

  int V_, E_, Ep_;
  double deviation_;
  std::size_t index_ = 0, at_ = 0;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_embedding(int symbols, int width, double deviation) {
  return std::make_unique<Embedding<S>>(symbols, width, deviation);
}

template std::unique_ptr<Layer<float>> make_embedding(int, int, double);
template std::unique_ptr<Layer<double>> make_embedding(int, int, double);

}  // namespace rnnlab
