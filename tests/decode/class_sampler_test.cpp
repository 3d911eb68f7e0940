#include "decode/class_sampler.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int V = 7, classes = 3, longest = 12;
const Facts facts{.inputs = V,
                  .symbols = true,
                  .given = classes,
                  .outputs = V,
                  .length = longest,
                  .loss = LossKind::cross_entropy,
                  .metric = Metric::bits_per_character,
                  .readout = Readout::every};

using Symbols = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("a sequence of a class is what the model, shown all of it at once, finds likeliest",
          "[decode][class_sampler]") {
  ModelOptions options;
  const std::string kind = GENERATE("lstm", "gru", "none", "transformer", "tcn");
  options.input_at = GENERATE("first", "every-step");
  options.hidden = 16;
  if (kind == "transformer" || kind == "tcn") {
    options.architecture = kind;
  } else {
    options.cell = kind;
  }
  CAPTURE(kind, options.input_at);
  auto theta = random_parameters(options, facts);
  for (double& v : theta) v *= 4;
  ClassSampler draw(options, facts, theta);
  const ModelRun<float> model = [&] {
    ModelRun<float> run(options, facts, 1);
    run.set(theta);
    return run;
  }();
  Rng rng({1, Stream::generate}, 0);
  std::set<Symbols> drawn;
  for (int cls = 0; cls < classes; ++cls) {
    for (const Symbols& prompt : {Symbols{}, Symbols{3, 5}}) {
      const Symbols found = draw(cls, prompt, {.temperature = 0}, rng);
      drawn.insert(found);
      REQUIRE(found.size() >= prompt.size());
      CHECK(std::equal(prompt.begin(), prompt.end(), found.begin()));
      CHECK(found.size() <= longest);
      Batch whole;
      whole.reset(facts, 1);
      whole.given[static_cast<std::size_t>(cls)] = 1;
      for (std::size_t t = 0; t < found.size() && t + 1 < longest; ++t)
        whole.symbol[t + 1] = found[t];
      whole.length = {std::min(static_cast<int>(found.size()) + 1, longest)};
      const Seq<float> y = model.model->predict(model.packed.data(), whole, model.frame.data());
      for (int t = static_cast<int>(prompt.size()); t < whole.length[0]; ++t) {
        const float* const logits = y.at(t, 0);
        const auto likeliest = std::max_element(logits, logits + V) - logits;
        const auto at = static_cast<std::size_t>(t);
        CHECK(likeliest == (at < found.size() ? found[at] : end_symbol));
      }
    }
  }
  CHECK(drawn.size() > 1);
}

TEST_CASE("a sequence of a class is a function of the random numbers", "[decode][class_sampler]") {
  ModelOptions options;
  options.hidden = 9;
  ClassSampler draw(options, facts, random_parameters(options, facts));
  std::set<Symbols> drawn;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Rng one({5, Stream::generate}, i), other({5, Stream::generate}, i);
    const Symbols found = draw(1, {}, {}, one);
    CHECK(draw(1, {}, {}, other) == found);
    CHECK(std::count(found.begin(), found.end(), end_symbol) == 0);
    drawn.insert(found);
  }
  CHECK(drawn.size() > 10);
}
