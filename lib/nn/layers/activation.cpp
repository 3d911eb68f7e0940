#include "nn/layers/activation.hpp"

#include "base/check.hpp"
#include "math/lanes.hpp"
#include "nn/cells/activations.hpp"
#include "nn/layers/parameterless.hpp"

namespace rnnlab {
namespace {

template <class Phi, class S>
class Activation final : public Parameterless<S> {
 public:
  explicit Activation(int width) : F_(width), ld_(round_up(width, L)) {}

  // y, then dx.
  std::size_t frame_size(int T, int b) const override { return 2 * size(T, b, ld_); }
  Seq<const S> output(S* memory, int T, int b) const override { return {memory, T, b, F_, ld_}; }
  Seq<S> forward(const S*, Seq<const S> x, S* memory, const Pass<S>&) const override {
    for (std::size_t i = 0; i < size(x.T, x.B, ld_); i += L)
      store<S>(memory + i, Phi::value(load(x.p + i)));
    return {memory, x.T, x.B, F_, ld_, x.length};
  }
  Upstream<S> backward(const S*, Seq<const S> x, const Upstream<S>& dy, S*, S* memory,
                       const StateTrace&) const override {
    const std::size_t n = size(x.T, x.B, ld_);
    for (std::size_t i = 0; i < n; i += L)
      store<S>(memory + n + i, load(dy.every.p + i) * Phi::slope(load(memory + i)));
    return {.every = {memory + n, x.T, x.B, F_, ld_}, .exponent = dy.exponent};
  }

 private:
  static constexpr int L = lanes<S>;
  const int F_, ld_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_activation(const std::string& name, int width) {
  std::unique_ptr<Layer<S>> layer;
  for_each_activation([&]<class Phi>(Phi) {
    if (name == Phi::name) layer = std::make_unique<Activation<Phi, S>>(width);
  });
  RNNLAB_CHECK_EQ(layer != nullptr, true);
  return layer;
}

template std::unique_ptr<Layer<float>> make_activation(const std::string&, int);
template std::unique_ptr<Layer<double>> make_activation(const std::string&, int);

}  // namespace rnnlab
