#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpora.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;
using Values = std::vector<double>;

/// A CSV file of the columns day, other, value, and a task that reads it.
class SeriesFile {
 public:
  explicit SeriesFile(Values values) : values_(std::move(values)) {
    std::string text = "day,other,value\r\n";
    for (std::size_t i = 0; i < values_.size(); ++i)
      text += "d" + std::to_string(i) + "," + format_double(other(i)) + "," +
              format_double(values_[i]) + "\r\n";
    write_file(path(), text);
  }
  static double other(std::size_t row) { return static_cast<double>(row * row % 7); }
  const Values& values() const { return values_; }
  std::string path() const { return scratch_.path("table.csv"); }
  Config config(Settings settings) const {
    settings.emplace_back("task.path", path());
    return configured("forecast", settings);
  }
  std::unique_ptr<Task> task(const Settings& settings) const {
    return config(settings).make_task();
  }

 private:
  Scratch scratch_;
  Values values_;
};

Values wandering(std::size_t rows) {
  Values values;
  Rng rng({3, Stream::test}, 0);
  double level = 20;
  for (std::size_t i = 0; i < rows; ++i) values.push_back(level += rng.normal());
  return values;
}

/// Mean and deviation of the first n.
std::pair<double, double> moments(const Values& values, std::size_t n) {
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) mean += values[i];
  mean /= static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) squares += (values[i] - mean) * (values[i] - mean);
  return {mean, std::sqrt(squares / static_cast<double>(n))};
}

/// The root mean squared error of f(row of the target, steps ahead) over every window whose targets
/// lie in [first, rows).
template <class F>
double rmse(const Values& values, std::size_t first, std::size_t horizon, F&& f) {
  double squares = 0, n = 0;
  for (std::size_t row = first; row + horizon <= values.size(); ++row)
    for (std::size_t h = 0; h < horizon; ++h, ++n)
      squares += std::pow(values[row + h] - f(row, h), 2);
  return std::sqrt(squares / n);
}

std::string told(double rmse) { return "(rmse " + format_short(rmse) + ")"; }

const Settings sizes{
    {"task.length", "5"}, {"task.horizon", "3"}, {"task.valid", "10"}, {"task.test", "20"}};

Settings with(Settings settings, const Settings& more) {
  for (const auto& [key, value] : more) {
    std::erase_if(settings, [&](const auto& s) { return s.first == key; });
    settings.emplace_back(key, value);
  }
  return settings;
}

}  // namespace

TEST_CASE("forecast: windows of the past, the values that follow", "[tasks][forecast]") {
  const SeriesFile table(wandering(100));
  const bool all = GENERATE(false, true), last = GENERATE(false, true);
  const auto task = table.task(with(
      sizes, {{"task.inputs", all ? "all" : "target"}, {"task.offset", last ? "last" : "none"}}));
  const Facts facts = task->facts();
  CHECK(facts.inputs == (all ? 2 : 1));
  CHECK(facts.outputs == 3);
  CHECK(facts.length == 5);
  CHECK(facts.loss == LossKind::mse);
  // Targets of training are the rows 5 … 69, of validation 70 … 79, of the test 80 … 99.
  struct Part {
    Stream split;
    std::size_t first, windows;
  };
  Values others;
  for (std::size_t i = 0; i < 100; ++i) others.push_back(SeriesFile::other(i));
  const auto [mean, deviation] = moments(table.values(), 70);
  const auto [other_mean, other_deviation] = moments(others, 70);
  for (const Part& part :
       {Part{Stream::train, 5, 63}, {Stream::valid, 70, 8}, {Stream::test, 80, 18}}) {
    CHECK(task->examples(part.split) == static_cast<std::int64_t>(part.windows));
    const Batch batch = drawn(*task, part.split, 0, part.windows);
    const std::size_t B = part.windows, I = all ? 2 : 1;
    double worst = 0;
    for (std::size_t b = 0; b < B; ++b) {
      const std::size_t row = part.first + b;
      const double from = last ? table.values()[row - 1] : mean;
      const double other_from = last ? others[row - 1] : other_mean;
      for (std::size_t t = 0; t < 5; ++t) {
        const float* const x = &batch.x[(t * B + b) * I];
        const double value = (table.values()[row - 5 + t] - from) / deviation;
        worst = std::max(worst, std::abs(static_cast<double>(x[I - 1]) - value));
        const double other = (others[row - 5 + t] - other_from) / other_deviation;
        if (all) worst = std::max(worst, std::abs(static_cast<double>(x[0]) - other));
      }
      for (std::size_t h = 0; h < 3; ++h) {
        const double value = (table.values()[row + h] - from) / deviation;
        worst = std::max(worst, std::abs(static_cast<double>(batch.y[b * 3 + h]) - value));
      }
    }
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("forecast: shares of the rows", "[tasks][forecast]") {
  const SeriesFile table(wandering(100));
  const auto task =
      table.task({{"task.length", "4"}, {"task.valid", "0.2"}, {"task.test", "0.25"}});
  CHECK(task->examples(Stream::train) == 55 - 4);
  CHECK(task->examples(Stream::valid) == 20);
  CHECK(task->examples(Stream::test) == 25);
}

TEST_CASE("forecast: the baselines, counted once more", "[tasks][forecast]") {
  const SeriesFile table(wandering(100));
  const int season = GENERATE(2, 7);
  const auto task = table.task(with(sizes, {{"task.season", std::to_string(season)}}));
  const auto m = static_cast<std::size_t>(season);
  const Values& y = table.values();
  const auto [mean, deviation] = moments(y, 70);
  const Values expected{rmse(y, 80, 3, [mean = mean](std::size_t, std::size_t) { return mean; }),
                        rmse(y, 80, 3, [&](std::size_t row, std::size_t) { return y[row - 1]; }),
                        rmse(y, 80, 3, [&](std::size_t row, std::size_t h) {
                          std::size_t at = row + h;
                          while (at >= row) at -= m;  // the last season that is known
                          return y[at];
                        })};
  const auto baselines = task->baselines();
  REQUIRE(baselines.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(deviation * std::sqrt(baselines[i].value) == Approx(expected[i]).epsilon(1e-5));
    CHECK_THAT(baselines[i].name, Contains(told(expected[i])));
  }
  CHECK(task->facts().chance_loss == baselines[0].value);
  CHECK(table.task(sizes)->baselines().size() == 2);
}

TEST_CASE("forecast: rmse and mae in the column's own unit, by steps ahead", "[tasks][forecast]") {
  const SeriesFile table(wandering(100));
  const auto task = table.task(with(sizes, {{"task.horizons", "3 1 3"}}));
  const auto metrics = task->test_metrics();
  std::vector<std::string> names;
  for (const TestMetric& m : metrics) names.push_back(m.name);
  CHECK(names == std::vector<std::string>{"rmse", "mae", "rmse_h1", "rmse_h3"});
  const double deviation = moments(table.values(), 70).second;
  const auto scorer = task->scorer(Stream::test);
  Rng rng({8, Stream::test}, 0);
  Values squares(3);
  double absolute = 0;
  for (const std::size_t first : {0, 7, 14}) {
    const std::size_t B = first == 14 ? 4 : 7;
    std::vector<std::uint64_t> ids(B);
    std::iota(ids.begin(), ids.end(), first);
    const Batch batch = drawn(*task, Stream::test, first, B);
    std::vector<float> predictions;
    for (std::size_t i = 0; i < 3 * B; ++i) {
      const double error = rng.normal();
      predictions.push_back(batch.y[i] + static_cast<float>(error));
      squares[i % 3] += error * error;
      absolute += std::abs(error);
    }
    scorer->add(batch, ids, predictions);
  }
  const auto values = scorer->values();
  REQUIRE(values.size() == 4);
  CHECK(values[0] == Approx(deviation * std::sqrt((squares[0] + squares[1] + squares[2]) / 54)));
  CHECK(values[1] == Approx(deviation * absolute / 54));
  CHECK(values[2] == Approx(deviation * std::sqrt(squares[0] / 18)));
  CHECK(values[3] == Approx(deviation * std::sqrt(squares[2] / 18)));
}

TEST_CASE("forecast: the gradient", "[tasks][forecast][gradcheck]") {
  const SeriesFile table(wandering(60));
  const auto task = table.task(with(sizes, {{"task.inputs", "all"}}));
  ModelOptions options;
  options.cell = GENERATE("elman", "lstm", "gru");
  options.hidden = 6;
  for (const GradientError& e : gradcheck(*task, options, 1, 3)) {
    CAPTURE(options.cell, e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("forecast: a GRU learns a sine, far below persistence", "[tasks][forecast][learning]") {
  Values wave;
  for (int i = 0; i < 400; ++i)
    wave.push_back(100 + 20 * std::sin(2 * std::numbers::pi * i / 25.0));
  const SeriesFile table(wave);
  const Config config = table.config({{"task.length", "12"},
                                      {"task.horizon", "4"},
                                      {"task.horizons", "1 4"},
                                      {"task.season", "25"},
                                      {"model.name", "gru"},
                                      {"model.hidden", "16"},
                                      {"train.batch", "16"},
                                      {"train.lr", "0.01"},
                                      {"train.steps", "400"},
                                      {"train.eval_every", "0"}});
  const auto task = config.make_task();
  const auto baselines = task->baselines();
  REQUIRE(baselines.size() == 3);
  CHECK(baselines[2].value < 1e-9);  // the season is whole
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink, 1);
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_metric < 0.05 * baselines[1].value);
}

TEST_CASE("forecast: what cannot be is told in one line", "[tasks][forecast]") {
  const SeriesFile table(wandering(100));
  const auto error_of = [&](const Settings& settings) {
    try {
      table.task(settings);
    } catch (const Error& error) {
      return std::pair{error.code(), std::string(error.what())};
    }
    return std::pair{Exit::done, std::string()};
  };
  struct Case {
    Settings settings;
    Exit code;
    std::string what;
  };
  const std::vector<Case> cases{
      {{}, Exit::done, ""},
      {{{"task.length", "200"}}, Exit::data, "too short: 100 rows"},
      {{{"task.valid", "1e12"}}, Exit::data, "too short: 100 rows"},
      {{{"task.split", "ett"}}, Exit::data, "14400 are needed"},
      {{{"task.horizon", "15"}}, Exit::data, "validation has fewer rows, 10"},
      {{{"task.horizon", "8"}, {"task.test", "7"}}, Exit::data, "the test has fewer rows, 7"},
      {{{"task.horizons", "1 4"}, {"task.horizon", "3"}}, Exit::usage, "4 is none of the steps"},
      {{{"task.horizons", "x"}}, Exit::usage, "x is none of the steps"},
      {{{"task.season", "90"}}, Exit::data, "no whole season"},
      {{{"task.column", "none"}}, Exit::usage, "there is no column none"},
      {{{"task.column", "day"}}, Exit::data, "table.csv:2"},
      {{{"task.delimiter", "tab"}}, Exit::data, "no column holds a number"},
      {{{"task.header", "no"}}, Exit::data, "no column holds a number"},
  };
  for (const Case& c : cases) {
    const auto [code, text] = error_of(c.settings);
    CAPTURE(text, c.what);
    CHECK(code == c.code);
    CHECK_THAT(text, Contains(c.what));
  }
  CHECK_THROWS_WITH(SeriesFile(Values(50, 3.5)).task({}),
                    Contains("is constant in its training part"));
  CHECK_THROWS_WITH(configured("forecast", {{"task.path", "/nonexistent.csv"}}).make_task(),
                    Contains("/nonexistent.csv"));
  CHECK_THROWS_WITH(configured("forecast", {{"task.corpus", "no-such-corpus"}}).make_task(),
                    Contains("no-such-corpus"));
}

TEST_CASE("forecast: the published series and their baselines", "[tasks][forecast]") {
  struct Case {
    std::string file;
    Settings settings;
    std::array<std::int64_t, 3> windows;
    std::array<std::string, 3> told;  // of the baselines; empty: not known
  };
  const std::vector<Case> cases{
      {"airline-passengers/airline-passengers.csv",
       {{"task.length", "12"}, {"task.valid", "12"}, {"task.test", "48"}, {"task.season", "12"}},
       {72, 12, 48},
       {"", "(rmse 48.04)", "(rmse 41.85)"}},
      {"daily-min-temperatures/daily-min-temperatures.csv",
       {{"task.length", "30"}, {"task.valid", "365"}, {"task.test", "365"}, {"task.season", "365"}},
       {3650 - 730 - 30, 365, 365},
       {"", "(rmse 2.582)", "(rmse 3.651)"}},
      {"ett", {{"task.split", "ett"}, {"task.season", "24"}}, {8616, 2880, 2880}, {}},
      {"ett/ETTh1.csv",
       {{"task.split", "ett"},
        {"task.horizon", "24"},
        {"task.column", "OT"},
        {"task.inputs", "all"}},
       {8593, 2857, 2857},
       {}}};
  for (const Case& c : cases) {
    const auto file = corpus(c.file);
    if (!file) {
      WARN("skipped: no " << c.file << " in RNNLAB_TEST_DATA");
      continue;
    }
    Settings settings = c.settings;
    settings.emplace_back("task.path", file->string());
    const auto task = configured("forecast", settings).make_task();
    CAPTURE(c.file);
    CHECK(task->examples(Stream::train) == c.windows[0]);
    CHECK(task->examples(Stream::valid) == c.windows[1]);
    CHECK(task->examples(Stream::test) == c.windows[2]);
    const auto baselines = task->baselines();
    for (std::size_t i = 0; i < baselines.size(); ++i)
      CHECK_THAT(baselines[i].name, Contains(c.told[i]));
    if (c.file == "ett") CHECK(baselines[1].value == Approx(0.0042).margin(0.00005));
    if (c.file != "ett/ETTh1.csv") continue;
    CHECK(task->facts().inputs == 7);
    CHECK(baselines[1].value == Approx(0.034).margin(0.0005));
    // Mean and deviation, from one number and a root mean squared error that is known both ways.
    const Batch batch = drawn(*task, Stream::train, 0, 1);
    CHECK(static_cast<double>(batch.x[6]) ==
          Approx((30.5310001373291 - 17.128) / 9.176).margin(2e-4));
    CHECK_THAT(baselines[1].name, Contains(told(9.17649 * std::sqrt(baselines[1].value))));
  }
}
