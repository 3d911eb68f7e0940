#include "study/summary_columns.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "toy.hpp"

using namespace rnnlab;

namespace {

/// Runs that were set apart by some keys, one after the other.
struct Sweep {
  Manifest manifest;
  std::vector<RunSummary> runs;

  void add(const Settings& overrides, const std::string& state = "missing") {
    std::vector<Setting> settings;
    for (const auto& [key, value] : overrides) settings.push_back({key, value, ""});
    const Config config = toy_config(settings);
    manifest.runs.push_back({config.id(), overrides, config.full_text()});
    RunSummary run{.index = runs.size(), .id = config.id(), .overrides = overrides};
    run.seed = config.value("train.seed");
    run.state = state;
    run.seconds = NAN;
    runs.push_back(run);
  }
  RunColumn column(const std::string& name) const {
    for (const RunColumn& column : summary_columns(toy_registry(), manifest, runs))
      if (column.name == name) return column;
    throw std::runtime_error("no column " + name);
  }
  template <class Value>
  std::vector<Value> values(const std::string& name) const {
    return std::get<std::vector<Value>>(column(name).values);
  }
};

}  // namespace

TEST_CASE("an axis is of whole numbers, of numbers or of texts") {
  Sweep sweep;
  sweep.add({{"model.name", "lstm"}, {"task.length", "10"}, {"task.noise", "1"}});
  sweep.add({{"model.name", "gru"}, {"task.length", "20"}, {"task.noise", "0.5"}});
  CHECK(sweep.values<std::string>("model.name") == std::vector<std::string>{"lstm", "gru"});
  CHECK(sweep.values<std::int64_t>("task.length") == std::vector<std::int64_t>{10, 20});
  CHECK(sweep.values<double>("task.noise") == std::vector<double>{1, 0.5});
  CHECK(sweep.column("task.length").units == "steps");
  CHECK(sweep.column("task.length").long_name == "steps");
  CHECK(sweep.column("task.noise").units == "1");
  CHECK(sweep.column("task.noise").long_name == "spread");
}

TEST_CASE("an axis that only some runs have is missing in the others") {
  Sweep sweep;
  sweep.add({{"model.name", "lstm"}});
  sweep.add({{"task.length", "20"}, {"train.seed", "3"}});
  const auto length = sweep.values<double>("task.length");
  CHECK(std::isnan(length.at(0)));
  CHECK(length[1] == 20);
  CHECK(sweep.values<std::string>("model.name") == std::vector<std::string>{"lstm", ""});
  CHECK(sweep.values<std::int64_t>("seed") == std::vector<std::int64_t>{0, 3});
  CHECK_THROWS(sweep.column("train.seed"));
}

TEST_CASE("a metric that only some runs have is NaN in the others") {
  Sweep sweep;
  sweep.add({{"train.seed", "0"}}, "completed");
  sweep.add({{"train.seed", "1"}});
  sweep.runs[0].metrics = {{"test/mse", 0.25, "squared target units"}};
  const auto mse = sweep.values<double>("test_mse");
  CHECK(mse.at(0) == 0.25);
  CHECK(std::isnan(mse[1]));
  CHECK(sweep.column("test_mse").units == "squared target units");
  CHECK(sweep.values<std::string>("state") == std::vector<std::string>{"completed", "missing"});
}
