#include "data/log_mel.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "allocations.hpp"
#include "base/error.hpp"
#include "base/normal.hpp"
#include "files.hpp"
#include "places.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

double mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }

std::vector<float> frames_of(const LogMel& log_mel, const std::vector<float>& samples) {
  std::vector<float> out(log_mel.frames(samples.size()) * log_mel.mels());
  log_mel(samples, out);
  return out;
}

std::vector<float> sine(double hertz, int rate, std::size_t samples, double amplitude = 0.5) {
  std::vector<float> x(samples);
  for (std::size_t k = 0; k < samples; ++k)
    x[k] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(k) / rate));
  return x;
}

}  // namespace

TEST_CASE("log-mel: as the definition computed in another language", "[data][log-mel]") {
  const auto golden = nlohmann::json::parse(text_of(checkout + "/tests/data/log_mel_golden.json"));
  for (const auto& one : golden["cases"]) {
    const LogMel log_mel(one["rate"], one["mels"], one["f_min"], one["f_max"]);
    std::vector<float> samples;
    for (const float s : one["samples"]) samples.push_back(s / golden["scale"].get<float>());
    const auto found = frames_of(log_mel, samples);
    std::size_t i = 0;
    double worst = 0;
    for (const auto& frame : one["frames"])
      for (const double expected : frame)
        worst = std::max(worst, std::abs(static_cast<double>(found.at(i++)) - expected));
    CAPTURE(one["rate"].get<int>(), worst);
    CHECK(i == found.size());
    CHECK(worst < 1e-3);  // nats, of energies down to 1e-6 of a frame's
  }
}

TEST_CASE("log-mel: a sine is loudest in the filter whose centre is nearest", "[data][log-mel]") {
  const int rate = 8000, mels = 24;
  const LogMel log_mel(rate, mels, 100, 3800);
  const double step = (mel(3800) - mel(100)) / (mels + 1);
  for (const double hertz : {400.0, 777.0, 1500.0, 2500.0, 3300.0}) {
    const auto y = frames_of(log_mel, sine(hertz, rate, 200));
    const auto loudest = std::max_element(y.begin(), y.end()) - y.begin() + 1;
    CAPTURE(hertz);
    CHECK(std::abs((mel(hertz) - mel(100)) / step - static_cast<double>(loudest)) < 0.75);
  }
}

TEST_CASE("log-mel: energies add up as Parseval says, and grow with the square",
          "[data][log-mel]") {
  const int rate = 8000;
  const LogMel log_mel(rate, 40, 0, 0);
  // Far from both ends every frequency's filters add up to 1, so the filters hold all of the power
  // at 0 < j < n/2, half of all: Σ_j P_j = n Σ_k (w_k x_k)².
  const auto x = sine(1200, rate, 200);
  double energy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(k) / 200);
    energy += std::pow(w * static_cast<double>(x[k]), 2);
  }
  double sum = 0;
  for (const float y : frames_of(log_mel, x)) sum += std::exp(static_cast<double>(y));
  CHECK(sum == Approx(256 * energy / 2).epsilon(1e-3));
  const auto loud = frames_of(log_mel, sine(1200, rate, 200, 1.0));
  const auto quiet = frames_of(log_mel, sine(1200, rate, 200, 0.25));
  for (std::size_t i = 8; i < 30; ++i)
    CHECK(loud[i] - quiet[i] == Approx(2 * std::log(4.0)).margin(2e-2));
}

TEST_CASE("log-mel: silence is the floor, one frame every 10 ms, none cut", "[data][log-mel]") {
  const LogMel log_mel(16000, 30, 0, 0);
  CHECK(log_mel.window() == 400);
  CHECK(log_mel.hop() == 160);
  CHECK(log_mel.frames(1) == 1);
  CHECK(log_mel.frames(400) == 1);
  CHECK(log_mel.frames(559) == 1);
  CHECK(log_mel.frames(560) == 2);
  CHECK(log_mel.frames(16000) == 98);
  for (const std::size_t samples : {1, 400, 1000})
    for (const float y : frames_of(log_mel, std::vector<float>(samples)))
      CHECK(y == Approx(std::log(1e-10)));
  // A short sound is filled up with zeros.
  std::vector<float> x(400);
  Rng rng({1, Stream::test}, 0);
  fill_normal(rng, x.data(), 250);
  CHECK(frames_of(log_mel, x) == frames_of(log_mel, {x.begin(), x.begin() + 250}));
  // A frame sees its own samples alone.
  std::vector<float> longer(560);
  fill_normal(rng, longer.data(), longer.size());
  const auto both = frames_of(log_mel, longer);
  const auto second = frames_of(log_mel, {longer.begin() + 160, longer.end()});
  for (std::size_t i = 0; i < 30; ++i) CHECK(both[30 + i] == Approx(second[i]).margin(1e-4));
}

TEST_CASE("log-mel: sizes that cannot be are refused with their option", "[data][log-mel]") {
  const auto complaint = [](int rate, int mels, double low, double high) {
    try {
      LogMel(rate, mels, low, high);
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(complaint(8000, 40, 0, 0) == "");
  CHECK_THAT(complaint(8000, 200, 0, 0), Contains("task.mels"));
  CHECK_THAT(complaint(8000, 40, 0, 4001), Contains("task.f_max <= 4000"));
  CHECK_THAT(complaint(8000, 40, 2000, 2000), Contains("task.f_min"));
}

TEST_CASE("log-mel: nothing is allocated after the first time", "[data][log-mel][allocations]") {
  const LogMel log_mel(8000, 40, 0, 0);
  const auto x = sine(500, 8000, 2000);
  auto out = frames_of(log_mel, x);
  const std::size_t before = rnnlab_test_allocations();
  log_mel(x, out);
  CHECK(rnnlab_test_allocations() == before);
}
