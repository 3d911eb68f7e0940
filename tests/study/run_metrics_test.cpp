#include "study/run_metrics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "record/recorder.hpp"
#include "record/scratch.hpp"
#include "toy.hpp"

using namespace rnnlab;

namespace {

/// A run of 3 validations, mse 0.5, 0.008, 0.02, and a gradient that falls by 0.3 nats a step at
/// the first row and by 0.1 at the last.
void write_run(const std::string& file, const std::string& outcome = "completed") {
  constexpr int T = 50;
  Recorder recorder(file, {}, "", "flush");
  Table& train = recorder.table({.group = "metrics/train", .columns = {{"loss", "1", "loss"}}});
  Table& valid = recorder.table(
      {.group = "metrics/valid", .columns = {{"loss", "1", "loss"}, {"mse", "1", "mse"}}});
  Table& test = recorder.table({.group = "metrics/test", .columns = {{"mse", "1", "mse"}}});
  Axis time{"time", "steps", "time step", {}};
  for (int t = 1; t <= T; ++t) time.values.push_back(t);
  Table& flow = recorder.table({.group = "gradients/hidden/layers.0.forward",
                                .axes = {time},
                                .columns = {{"log_norm", "nats", "log norm", {0}}}});
  Table& alignment =
      recorder.table({.group = "alignment", .columns = {{"diagonal", "1", "share of steps"}}});
  recorder.start();
  for (int row = 0; row < 3; ++row) {
    const double mse[] = {0.5, 0.008, 0.02};
    train.row(100 * row, std::vector<double>{10.0 - row});
    valid.row(100 * row, std::vector<double>{1.0, mse[row]});
    std::vector<double> log_norm;
    for (int t = 1; t <= T; ++t) log_norm.push_back(-(row == 2 ? 0.1 : 0.3) * (T - t));
    log_norm[0] = log_norm[T - 1] = 1e6;  // outside the window
    log_norm[20] = NAN;                   // exact zeros only
    flow.row(100 * row, log_norm);
    alignment.row(100 * row, std::vector<double>{0.25 * row});
  }
  test.row(299, std::vector<double>{0.0125});
  recorder.finish(outcome);
}

}  // namespace

TEST_CASE("the metrics of a run by their paths") {
  const test::Scratch scratch;
  write_run(scratch.path("run.h5"));
  const RunMetrics metrics(scratch.path(""), toy_config({}));
  CHECK(metrics.outcome() == "completed");
  CHECK(metrics.yardstick().metric == "mse");
  CHECK(metrics.value("test/mse") == 0.0125);
  CHECK(metrics.value("train/loss") == 8);
  CHECK(metrics.value("train/loss@over-first") == 8.0 / 10);
  CHECK(metrics.value("valid/mse") == 0.02);
  CHECK(metrics.value("valid/mse@best") == 0.008);
  CHECK(metrics.value("train/loss@best") == 9);
  CHECK(metrics.value("test/mse@best") == 0.0125);
  CHECK(std::isnan(metrics.value("test/accuracy")));
  CHECK(metrics.value("alignment/diagonal") == 0.5);
  CHECK(metrics.units("alignment/diagonal") == "1");
  CHECK(std::isnan(metrics.value("alignment/antidiagonal")));
  CHECK(metrics.value("gradients/hidden/slope") == Approx(-0.3).epsilon(1e-12));
  CHECK(metrics.value("gradients/hidden/slope@last") == Approx(-0.1).epsilon(1e-12));
  CHECK(metrics.summary_paths() ==
        std::vector<std::string>{"train/loss", "valid/loss", "valid/mse", "test/mse"});
}

namespace {

/// Validated every 100 steps with these losses, tested with the last of them, which is the mse.
RunMetrics metrics_of(const std::string& file, const std::vector<double>& losses,
                      const std::vector<Setting>& settings = {{"task.test_examples", "22500", ""}},
                      const std::string& outcome = "completed") {
  Recorder recorder(file, {}, "", "flush");
  Table& valid = recorder.table({.group = "metrics/valid", .columns = {{"loss", "1", "loss"}}});
  Table& test = recorder.table(
      {.group = "metrics/test", .columns = {{"loss", "1", "loss"}, {"mse", "1", "mse"}}});
  recorder.start();
  for (std::size_t row = 0; row < losses.size(); ++row)
    valid.row(static_cast<std::int64_t>(100 * row), std::vector<double>{losses[row]});
  if (outcome == "completed") test.row(999, std::vector<double>{losses.back(), losses.back()});
  recorder.finish(outcome);
  std::vector<Setting> all{{"task.valid_examples", "22500", ""}};  // 3/sqrt(22500) = 2 %
  all.insert(all.end(), settings.begin(), settings.end());
  return RunMetrics(std::filesystem::path(file).parent_path(), toy_config(all));
}

}  // namespace

TEST_CASE("the mean of the last rows") {
  const test::Scratch scratch;
  const RunMetrics metrics = metrics_of(scratch.path("run.h5"), {8, 4, 2, 1});
  CHECK(metrics.value("valid/loss@last1") == 1);
  CHECK(metrics.value("valid/loss@last2") == 1.5);
  CHECK(metrics.value("valid/loss@last50") == 15.0 / 4);
  CHECK(std::isnan(metrics.value("valid/mse@last2")));
  CHECK(std::isnan(metrics.value("valid/loss@last0")));
  CHECK(std::isnan(metrics.value("valid/loss@lastly")));
}

TEST_CASE("steps near a plateau are those between two validations that are") {
  const test::Scratch scratch;
  const RunMetrics metrics = metrics_of(
      scratch.path("run.h5"), {0.6, 0.505, 0.495, 0.509, 0.4, 0.25, 0.2549, 0.27, 0.001, 0.25});
  CHECK(metrics.value("plateau/1/steps") == 200);
  CHECK(metrics.value("plateau/2/steps") == 100);
  CHECK(metrics.value("plateau/2/steps@0.1") == 200);
  CHECK(metrics.value("plateau/1/steps@0.001") == 0);
  for (const char* none : {"plateau/0/steps", "plateau/3/steps", "plateau/x/steps",
                           "plateau/1/steps@x", "plateau/steps"}) {
    INFO(none);
    CHECK(std::isnan(metrics.value(none)));
  }
  CHECK(std::isnan(metrics_of(scratch.path("run.h5"), {0.5}).value("plateau/1/steps")));
}

TEST_CASE("a run sits on the plateau that its test loss is near, if it is not solved") {
  const test::Scratch scratch;
  const auto at = [&](double loss) { return metrics_of(scratch.path("run.h5"), {0.5, loss}); };
  const auto half = at(0.2549).plateaus().value();
  CHECK_FALSE(half.solved);
  CHECK(half.at == 1);
  REQUIRE(half.visits.size() == 2);
  CHECK(half.visits[1].plateau.name == "half");
  CHECK(half.visits[1].steps == 0);
  CHECK_FALSE(at(0.2551).plateaus()->at);
  CHECK(at(0.495).plateaus()->at == 0);
  CHECK(at(0.495).plateaus()->visits[0].steps == 100);
  CHECK(at(0.009).plateaus()->solved);
  CHECK(metrics_of(scratch.path("run.h5"), {0.5, 0.26}, {{"task.test_examples", "100", ""}})
            .plateaus()
            ->at == 1);  // a hundred squared errors tell 30 %, no better
  const auto diverged = metrics_of(scratch.path("run.h5"), {0.5}, {}, "diverged").plateaus();
  CHECK(diverged->diverged);
  CHECK_FALSE(diverged->solved);
  CHECK_FALSE(diverged->at);
}

TEST_CASE("steps to the target: the run's own, else the task's") {
  const test::Scratch scratch;
  write_run(scratch.path("run.h5"));
  const auto steps = [&](const std::string& target) {
    return RunMetrics(scratch.path(""), toy_config({{"train.target", target, ""}}))
        .value("steps_to_target");
  };
  CHECK(steps("0") == 100);  // the toy counts as solved at 0.01
  CHECK(steps("0.6") == 0);
  CHECK(steps("0.001") == INFINITY);
}

TEST_CASE("a run that has reached the target it was given is solved, whatever its task asks for") {
  const test::Scratch scratch;
  write_run(scratch.path("run.h5"));
  const auto solved = [&](const std::string& target) {
    return RunMetrics(scratch.path(""), toy_config({{"train.target", target, ""}}))
        .plateaus()
        ->solved;
  };
  CHECK_FALSE(solved("0"));  // its test is above the toy's 0.01
  CHECK(solved("0.02"));
  CHECK_FALSE(solved("0.001"));
}

TEST_CASE("a run's way to its target ends there, at its last validation, or never") {
  const test::Scratch scratch;
  const auto passage = [&](const std::string& target) {
    const RunMetrics metrics(scratch.path(""), toy_config({{"train.target", target, ""}}));
    return metrics.passage().value();
  };
  write_run(scratch.path("run.h5"));
  CHECK(passage("0.01").reached);
  CHECK(passage("0.01").step == 100);
  CHECK_FALSE(passage("0.001").reached);
  CHECK(passage("0.001").step == 200);
  CHECK(RunMetrics(scratch.path(""), toy_config({})).criterion() == "valid/mse <= 0.01");
  write_run(scratch.path("run.h5"), "diverged");
  CHECK_FALSE(passage("0.01").reached);
  CHECK(passage("0.01").step == INFINITY);
  CHECK(RunMetrics(scratch.path(""), toy_config({})).value("steps_to_target") == INFINITY);
}

TEST_CASE("without a validation there is no way to a target") {
  const test::Scratch scratch;
  Recorder recorder(scratch.path("run.h5"), {}, "", "flush");
  recorder.table({.group = "metrics/train", .columns = {{"loss", "1", "loss"}}});
  recorder.start();
  recorder.finish("completed");
  const RunMetrics metrics(scratch.path(""), toy_config({}));
  CHECK_FALSE(metrics.passage());
  CHECK(std::isnan(metrics.value("steps_to_target")));
}

TEST_CASE("a folder without a readable run file is a data error") {
  const test::Scratch scratch;
  CHECK_THAT(error_of([&] { RunMetrics(scratch.path(""), toy_config({})); }),
             Catch::StartsWith("4: "));
}

TEST_CASE("the least-squares slope") {
  CHECK(least_squares_slope({0, 1, 2, 3}, {1, 3, 5, 7}) == Approx(2));
  CHECK(least_squares_slope({0, 1, 2}, {0, 1, 0}) == Approx(0).margin(1e-15));
  CHECK(least_squares_slope({0, 1, 2}, {0, NAN, 4}) == Approx(2));
  CHECK(std::isnan(least_squares_slope({1}, {1})));
  CHECK(std::isnan(least_squares_slope({1, 1}, {1, 2})));
}
