#include <catch2/catch.hpp>

#include "data/task.hpp"
#include "nn/models/members.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// Numbers in, bits out: drawn, and of no meaning.
class Bits final : public Task {
 public:
  explicit Bits(Facts facts) : facts_(facts) {}
  Facts facts() const override { return facts_; }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts_, static_cast<int>(examples.size()));
    Rng rng(key, examples.front());
    for (float& x : out.x) x = static_cast<float>(rng.normal());
    for (float& y : out.y) y = static_cast<float>(rng.below(2));
    for (float& w : out.weight) w = 0.5f * static_cast<float>(rng.below(4));
  }

 private:
  Facts facts_;
};

}  // namespace

TEST_CASE("binary targets: the gradient of every preset", "[train][gradcheck]") {
  const Readout readout = GENERATE(Readout::every, Readout::last);
  std::size_t checked = 0;
  for (const Member& member : presets()) {
    if (member.options.truncated_gradient) continue;  // is not the derivative
    CAPTURE(member.name, static_cast<int>(readout));
    const Facts facts = fitted(member.options,
                               {.inputs = 3,
                                .outputs = 9,
                                .length = 6,
                                .loss = LossKind::binary_cross_entropy,
                                .readout = readout},
                               2);
    for (const GradientError& e : gradcheck(Bits(facts), member.options, 2, 3)) {
      CAPTURE(e.parameter, e.entries, e.kinks);
      CHECK(e.error <= 1e-6);
    }
    ++checked;
  }
  CHECK(checked > 20);
}
