#include "noise.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/statistics.hpp"
#include "drawn.hpp"
#include "nn/models/model_run.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

Batch drawn(const Task& noise, std::size_t count) {
  std::vector<std::uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), 100);
  Batch batch;
  noise.draw({6, Stream::train}, ids, batch);
  return batch;
}

}  // namespace

TEST_CASE("noise: standard normal inputs, uniform labels", "[tasks][noise]") {
  const auto noise = task("noise", {{"length", 37}, {"inputs", 29}, {"classes", 12}});
  const Batch batch = drawn(*noise, 400);
  const Moments m(batch.x);
  const double root = std::sqrt(static_cast<double>(batch.x.size()));
  CHECK(std::abs(m.mean) < 4 / root);
  CHECK(std::abs(m.variance - 1) < 4 * std::sqrt(2.0) / root);
  CHECK(std::abs(m.skewness) < 4 * std::sqrt(6.0) / root);
  CHECK(std::abs(m.kurtosis - 3) < 4 * std::sqrt(24.0) / root);
  std::vector<std::size_t> labels(12), successors(144);
  for (const auto label : batch.label) ++labels.at(static_cast<std::size_t>(label));
  for (std::size_t i = 400; i < batch.label.size(); ++i) {
    ++successors.at(static_cast<std::size_t>(batch.label[i] * 12 + batch.label[i - 400]));
  }
  CHECK(std::abs(chi_square_z(labels)) < 4);
  CHECK(std::abs(chi_square_z(successors)) < 4);
}

TEST_CASE("noise: every step and feature has numbers of its own", "[tasks][noise]") {
  // Sizes above and below the block in which normals are drawn.
  for (const int length : {1, 7, 300}) {
    const auto noise = task("noise", {{"length", length}, {"inputs", 11}});
    auto x = drawn(*noise, 3).x;
    std::sort(x.begin(), x.end());
    std::size_t repeated = 0;
    for (std::size_t i = 1; i < x.size(); ++i) repeated += x[i] == x[i - 1];
    CHECK(x.size() == static_cast<std::size_t>(length) * 33);
    // Of n draws from about 2^24 values few coincide, n²/2^25 or so; a repeated block would be
    // many.
    CHECK(repeated <= 30);
    CHECK(std::count(x.begin(), x.end(), 0.0f) <= 1);
  }
}

TEST_CASE("noise: who knows nothing loses exactly what the facts say", "[tasks][noise]") {
  for (const int classes : {2, 10, 33}) {
    const auto noise = task("noise", {{"length", 9}, {"inputs", 4}, {"classes", classes}});
    const Facts facts = noise->facts();
    CHECK(facts.chance_loss == std::log(static_cast<double>(classes)));
    ModelRun<float> run({.hidden = 6}, facts, 16);
    run.set(std::vector<double>(run.theta.size(), 0.0));
    const LossSums sums = run.evaluate(drawn(*noise, 16));
    CHECK(sums.weight == 16 * 9);
    CHECK(sums.loss / sums.weight == Approx(facts.chance_loss).epsilon(1e-13));
  }
}

TEST_CASE("noise: facts", "[tasks][noise]") {
  const Facts facts = task("noise", {{"length", 9}, {"inputs", 4}, {"classes", 6}})->facts();
  CHECK(facts.inputs == 4);
  CHECK(facts.outputs == 6);
  CHECK(facts.length == 9);
  CHECK(facts.loss == LossKind::cross_entropy);
  CHECK(facts.readout == Readout::every);
  CHECK(std::string(facts.metric_name()) == "accuracy");
  CHECK_FALSE(facts.lower_is_better());
  CHECK(noise_entry().protocols.empty());
}

TEST_CASE("noise: with readout = last one label, at the last step", "[tasks][noise]") {
  const auto noise =
      configured("noise", {{"task.readout", "last"}, {"task.length", "9"}}).make_task();
  CHECK(noise->facts().readout == Readout::last);
  const Batch batch = test::drawn(*noise, Stream::train, 0, 20000);
  CHECK(batch.label.size() == 20000);
  CHECK(batch.weight.size() == 20000);
  CHECK(batch.x.size() == 20000 * 9 * 10);
  std::vector<std::size_t> labels(10);
  for (const auto label : batch.label) ++labels.at(static_cast<std::size_t>(label));
  CHECK(std::abs(chi_square_z(labels)) < 4);
}
