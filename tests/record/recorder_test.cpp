#include "record/recorder.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <malloc.h>

#include "allocations.hpp"
#include "python.hpp"
#include "record/run_reader.hpp"
#include "record/sample.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

const std::string hidden = "gradients/hidden/layers.0.forward/";

void write_sample(const std::string& path, const std::string& mode, std::size_t rows) {
  Recorder recorder(path, {{"seed", std::int64_t{7}}, {"cpu", "a Ω cpu"}, {"ratio", 0.5}},
                    "[model]\nname = lstm\n", mode);
  Sample sample(recorder);
  for (std::size_t i = 0; i < rows; ++i) {
    sample.row(i);
    if (i % 7 == 5) recorder.flush();
  }
  std::vector<double> weights(60);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i) / 8.0;
  recorder.write_array("model/parameters/weight_ih_l0", weights);
  recorder.finish("completed");
}

}  // namespace

TEST_CASE("Recorder: what is written is read back", "[record]") {
  const std::string mode = GENERATE("auto", "swmr", "flush");
  const std::size_t rows = GENERATE(0, 1, 600);
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  write_sample(path, mode, rows);

  const RunReader run(path);
  CHECK(run.config() == "[model]\nname = lstm\n");
  CHECK(run.outcome() == "completed");
  CHECK(run.attributes() == Attributes{{"cpu", "a Ω cpu"},
                                       {"outcome", "completed"},
                                       {"ratio", 0.5},
                                       {"schema", "rnnlab.run"},
                                       {"schema_version", std::int64_t{1}},
                                       {"seed", std::int64_t{7}}});
  CHECK(run.series("metrics/train") ==
        std::vector<std::string>{"examples", "loss", "seconds", "step"});
  CHECK(run.series("gradients/hidden/layers.0.forward") ==
        std::vector<std::string>{"norm", "step", "zeros"});

  const auto loss = run.column("metrics/train/loss"), step = run.column("metrics/train/step"),
             examples = run.column("metrics/train/examples");
  const auto norm = run.values(hidden + "norm"), zeros = run.values(hidden + "zeros");
  const auto n = static_cast<std::int64_t>(rows);
  REQUIRE(loss.size() == rows);
  REQUIRE(step.size() == rows);
  REQUIRE(examples.size() == rows);
  REQUIRE(norm.shape == std::vector<std::int64_t>{n, Sample::time});
  REQUIRE(zeros.shape == norm.shape);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    wrong += loss[i] != Sample::loss(i);
    wrong += step[i] != static_cast<double>(Sample::step(i));
    wrong += examples[i] != static_cast<double>(i) * 32;
    for (std::int64_t t = 0; t < Sample::time; ++t) {
      const auto at = i * static_cast<std::size_t>(Sample::time) + static_cast<std::size_t>(t);
      wrong += norm.values[at] != Sample::norm(i, t);
      wrong += zeros.values[at] != static_cast<double>(t) + static_cast<double>(i) * 32;
    }
  }
  CHECK(wrong == 0);
  CHECK(run.last("train/loss") == (rows ? std::optional(Sample::loss(rows - 1)) : std::nullopt));
  CHECK(run.column(hidden + "time").at(699) == 699);

  const auto weights = run.values("model/parameters/weight_ih_l0");
  CHECK(weights.shape == std::vector<std::int64_t>{12, 5});
  CHECK(weights.values.at(59) == 59 / 8.0);
  const auto never = run.values("model/parameters/weight_hh_l0").values;
  CHECK(std::all_of(never.begin(), never.end(), [](double v) { return std::isnan(v); }));
}

TEST_CASE("Recorder: the mode changes no dataset", "[record]") {
  const Scratch scratch;
  write_sample(scratch.path("swmr.h5"), "swmr", 300);
  write_sample(scratch.path("flush.h5"), "flush", 300);
  CHECK(differing_datasets(scratch.path("swmr.h5"), scratch.path("flush.h5")).empty());
}

TEST_CASE("Recorder: a finished file opens in h5py, and in xarray group by group", "[record]") {
  const Scratch scratch;
  write_sample(scratch.path("run.h5"), GENERATE("swmr", "flush"), 300);
  const Python result = python("record/read_finished.py", scratch.path("run.h5"));
  if (result.code == 77) {
    WARN("skipped: " << result.output);
    return;
  }
  INFO(result.output);
  CHECK(result.code == 0);
}

TEST_CASE("Recorder: texts of any length", "[record]") {
  const Scratch scratch;
  const std::string config(300000, 'c'), command(200000, 'x');
  {
    Recorder recorder(scratch.path("run.h5"), {{"command_line", command}, {"empty", ""}}, config,
                      "auto");
    recorder.start();
    recorder.finish("completed");
  }
  const RunReader run(scratch.path("run.h5"));
  CHECK(run.config() == config);
  CHECK(run.attributes().at(0) == Attributes::value_type("command_line", command));
  CHECK(run.attributes().at(1) == Attributes::value_type("empty", ""));

  Recorder recorder(scratch.path("empty.h5"), {}, "", "auto");
  recorder.start();
  recorder.finish("completed");
  CHECK(RunReader(scratch.path("empty.h5")).config().empty());
}

TEST_CASE("Recorder: without finish() the run has failed", "[record]") {
  const Scratch scratch;
  {
    Recorder recorder(scratch.path("run.h5"), {}, "", "auto");
    Sample sample(recorder);
    sample.row(0);
  }
  const RunReader run(scratch.path("run.h5"));
  CHECK(run.outcome() == "failed");
  CHECK(run.column("metrics/train/loss") == std::vector<double>{Sample::loss(0)});
}

TEST_CASE("Recorder: misuse is caught", "[record]") {
  const Scratch scratch;
  Recorder recorder(scratch.path("run.h5"), {}, "", "auto");
  CHECK_THROWS_AS(recorder.write_array("x", {}), std::logic_error);
  Sample sample(recorder);
  const std::vector<double> two(2);
  CHECK_THROWS_AS(sample.train.row(0, two), std::logic_error);
  CHECK_THROWS_AS(recorder.write_array("model/parameters/bias_ih_l0", two), std::logic_error);
  CHECK_THROWS_AS(recorder.array({"late", {1}, "1", "too late"}), std::logic_error);
  recorder.finish("completed");
  CHECK_THROWS_AS(sample.train.row(0, std::vector<double>(3)), std::logic_error);
}

TEST_CASE("Recorder: rows allocate nothing", "[record]") {
  const Scratch scratch;
  Recorder recorder(scratch.path("run.h5"), {}, "", "auto");
  Sample sample(recorder);
  const std::vector<double> train(3, 1.5), wide(2 * Sample::time, 2.5);
  const std::size_t before = rnnlab_test_allocations();
  for (std::int64_t i = 0; i < 600; ++i) {
    sample.train.row(i, train);
    sample.hidden.row(i, wide);
    if (i % 50 == 0) recorder.flush();
  }
  CHECK(rnnlab_test_allocations() == before);
}

TEST_CASE("Recorder: written rows do not stay in memory", "[record]") {
  const Scratch scratch;
  Recorder recorder(scratch.path("run.h5"), {}, "", "auto");
  Sample sample(recorder);
  const std::vector<double> train(3, 1.5);
  std::int64_t step = 0;
  const auto in_use_after = [&](std::int64_t rows) {
    for (; step < rows; ++step) sample.train.row(step, train);
    const auto heap = mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd);
  };
  const double before = in_use_after(2000);
  CHECK(in_use_after(62000) - before < 600e3);  // of 1.9 MB
}
