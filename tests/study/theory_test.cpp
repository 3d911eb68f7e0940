#include "study/theory.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

using namespace rnnlab;

TEST_CASE("mean field: the table of computed slopes") {
  // Rows: drive variance, columns: g = .5, .9, .95, 1, 1.05, 1.1, 1.25, 1.5, 2.
  const double gains[] = {.5, .9, .95, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0};
  const std::map<double, std::vector<double>> table{
      {0.01, {-.706, -.142, -.100, -.066, -.041, -.024, .012, .061, .153}},
      {0.1, {-.792, -.264, -.223, -.186, -.154, -.125, -.055, .026, .140}},
      {1.0, {-1.096, -.551, -.504, -.460, -.418, -.380, -.277, -.142, .046}}};
  for (const auto& [variance, slopes] : table) {
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      CAPTURE(variance, gains[i]);
      CHECK(std::abs(mean_field_slope(gains[i], variance) - slopes[i]) < 0.0011);
    }
  }
  CHECK(mean_field_slope(0.5, 0) == Approx(std::log(0.5)).margin(1e-6));
}

TEST_CASE("theory reads the run's own configuration") {
  std::map<std::string, std::string> config{{"model.spectral_radius", "0.9"},
                                            {"model.input_gain", "1"},
                                            {"model.forget_bias", "1"},
                                            {"model.cell", "lstm"}};
  const auto value = [&](const std::string& key) { return config.at(key); };
  const double f = 1 / (1 + std::exp(-1.0));
  CHECK(theory("ln-gain", value) == Approx(std::log(0.9)).epsilon(1e-15));
  CHECK(theory("mean-field", value) == mean_field_slope(0.9, 1));
  CHECK(theory("mean-log-forget", value) == Approx(std::log(f)).epsilon(1e-15));
  CHECK(theory("gate-mean", value) == Approx(std::log(f + 0.9 / 4)).epsilon(1e-15));
  config["model.cell"] = "gru";
  CHECK(theory("gate-mean", value) == Approx(std::log(f + (1 - f) * 0.45)).epsilon(1e-15));
}
