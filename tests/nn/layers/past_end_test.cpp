// What happens in steps past an example's end stays there, however wild it is.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/arena.hpp"
#include "nn/layers/recurrent.hpp"

using namespace rnnlab;

namespace {

/// Gradient of Σ h at each example's last step, of a linear network whose state grows a
/// thousandfold per step.
std::vector<float> gradient(int T) {
  constexpr int H = 16, I = 2, b = 2;
  const auto layer = make_recurrent<float>({.cell = "elman",
                                            .activation = "identity",
                                            .inputs = I,
                                            .hidden = H,
                                            .recurrent_init = "identity",
                                            .spectral_radius = 1000});
  ParamLayout layout;
  layer->declare(layout);
  const Slab<float> theta(layout.size()), packed(layer->packed_size()), slab(layer->slab_size());
  const Slab<float> frame(layer->frame_size(T, b)), x(static_cast<std::size_t>(T * b * I));
  const Slab<float> dy(static_cast<std::size_t>(b * H));
  layer->initialize({3, Stream::parameters}, theta.data());
  layer->pack(theta.data(), packed.data());
  for (std::size_t i = 0; i < 3 * b * I; ++i) x[i] = 1;
  for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = 1;
  const int length[] = {3, 2};
  const Seq<const float> input{x.data(), T, b, I, I, length};
  layer->forward(packed.data(), input, frame.data());
  layer->backward(packed.data(), input, {.last = {dy.data(), 1, b, H, H}, .length = length},
                  slab.data(), frame.data(), {});
  std::vector<float> g(layout.size());
  layer->unpack(theta.data(), slab.data(), 1.0f, g.data());
  return g;
}

}  // namespace

TEST_CASE("recurrent: a state that explodes past the end reaches no gradient", "[nn][layers]") {
  const std::vector<float> exact = gradient(3), padded = gradient(60);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    REQUIRE(std::isfinite(padded[i]));
    CHECK(padded[i] == exact[i]);
  }
}
