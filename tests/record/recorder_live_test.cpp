#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "python.hpp"
#include "record/recorder.hpp"
#include "record/run_reader.hpp"
#include "record/sample.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

const std::string norm = "gradients/hidden/layers.0.forward/norm";

// Writes rows of the sample, flushing each, until it is killed.
int write_for_ever(const std::string& path, const std::string& mode, milliseconds pause) {
  Recorder recorder(path, {}, "[model]\n", mode);
  Sample sample(recorder);
  for (std::size_t i = 0;; ++i) {
    sample.row(i);
    recorder.flush();
    std::this_thread::sleep_for(pause);
  }
}

// A reader of a file that another process is about to create.
RunReader wait_for(const std::string& path) {
  for (const auto end = Clock::now() + milliseconds(60000);;) {
    try {
      RunReader run(path);
      if (run.column("metrics/train/step").size() > 2) return run;
    } catch (const Error&) {
      if (Clock::now() > end) throw;
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
}

// Rows of the file, all of which are right.
std::size_t checked_rows(const RunReader& run) {
  const auto loss = run.column("metrics/train/loss");
  const auto wide = run.values(norm);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < loss.size(); ++i) wrong += loss[i] != Sample::loss(i);
  for (std::size_t i = 0; i < wide.values.size(); ++i)
    wrong += wide.values[i] !=
             Sample::norm(i / Sample::time, static_cast<std::int64_t>(i % Sample::time));
  REQUIRE(wrong == 0);
  // The two tables are flushed one after the other.
  REQUIRE(std::abs(static_cast<double>(loss.size()) - static_cast<double>(wide.shape.at(0))) < 300);
  return loss.size();
}

}  // namespace

TEST_CASE("a run file is read while it is written", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  const milliseconds pause(GENERATE(0, 2));
  Child writer([&] { return write_for_ever(path, "swmr", pause); });
  const RunReader run = wait_for(path);
  CHECK(run.outcome() == "running");
  std::size_t rows = checked_rows(run), grown = 0;
  for (const auto end = Clock::now() + milliseconds(700); Clock::now() < end;) {
    const std::size_t now = checked_rows(run);
    REQUIRE(now >= rows);
    grown += now > rows;
    rows = now;
  }
  CHECK(grown > 2);
  CHECK(std::isnan(run.values("model/parameters/weight_ih_l0").values.at(0)));
}

TEST_CASE("h5py follows a run file while it is written", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  Child writer([&] { return write_for_ever(path, "swmr", milliseconds(2)); });
  wait_for(path);
  const Python result = python("record/read_live.py", path);
  if (result.code == 77) {
    WARN("skipped: " << result.output);
    return;
  }
  INFO(result.output);
  CHECK(result.code == 0);
}

TEST_CASE("a reader that stays sees the end of the run", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  Child writer([&] {
    Recorder recorder(path, {}, "", "swmr");
    Sample sample(recorder);
    for (std::size_t i = 0; i < 400; ++i) {
      sample.row(i);
      recorder.flush();
      std::this_thread::sleep_for(milliseconds(1));
    }
    recorder.write_array("model/parameters/bias_ih_l0", std::vector<double>(12, 3));
    recorder.finish("completed");
    return 0;
  });
  const RunReader run = wait_for(path);
  while (run.outcome() == "running") checked_rows(run);
  CHECK(run.outcome() == "completed");
  CHECK(checked_rows(run) == 400);
  CHECK(run.values("model/parameters/bias_ih_l0").values == std::vector<double>(12, 3));
  CHECK(writer.wait() == 0);
  CHECK(run.attributes().at(0) == Attributes::value_type("outcome", "completed"));
}

TEST_CASE("a killed writer leaves a prefix that can be read", "[record]") {
  const Scratch scratch;
  for (int i = 0; i < 12; ++i) {
    const std::string path = scratch.path(std::to_string(i) + ".h5");
    Child writer([&] { return write_for_ever(path, "swmr", milliseconds(0)); });
    wait_for(path);
    std::this_thread::sleep_for(std::chrono::microseconds(1000 + 1777 * i));
    REQUIRE(writer.end(SIGKILL) == -SIGKILL);
    const RunReader run(path);
    CHECK(run.outcome() == "running");
    CHECK(run.config() == "[model]\n");
    CHECK(checked_rows(run) > 2);
  }
}

TEST_CASE("readers never hinder a writer, and in mode swmr always find a whole file", "[record]") {
  const std::string mode = GENERATE("swmr", "flush");
  const Scratch scratch;
  const std::string path = scratch.path("run.h5"), stop = scratch.path("stop");
  // Opens the file as often as it can. Once it was there, it always is: the old or the new one.
  const auto read = [&]() -> int {
    bool seen = false, lost = false;
    while (!std::filesystem::exists(stop)) {
      try {
        if (RunReader(path).config() != "[model]\n") return 1;
        seen = true;
      } catch (const Error&) {
        lost = lost || seen;
      }
    }
    if (!seen) return 2;
    return lost && mode == "swmr" ? 3 : 0;
  };
  Child first(read), second(read), third(read);
  int hindered = 0;
  for (int i = 0; i < 120; ++i) {
    try {
      Recorder recorder(path, {}, "[model]\n", mode);
      Sample sample(recorder);
      sample.row(0);
      recorder.finish("completed");
    } catch (const Error& error) {
      if (hindered++ == 0) WARN(error.what());
    }
  }
  std::filesystem::create_directory(stop);
  CHECK(hindered == 0);
  for (Child* reader : {&first, &second, &third}) CHECK(reader->wait() == 0);
}

TEST_CASE("mode flush: locked while it is written, readable as flushed after a kill", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5"), ready = scratch.path("ready");
  Child writer([&] {
    Recorder recorder(path, {}, "", "flush");
    Sample sample(recorder);
    for (std::size_t i = 0; i < 100; ++i) sample.row(i);
    recorder.flush();
    std::filesystem::create_directory(ready);
    for (;;) std::this_thread::sleep_for(milliseconds(100));
    return 0;
  });
  while (!std::filesystem::exists(ready)) std::this_thread::sleep_for(milliseconds(1));
  CHECK_THROWS_WITH(RunReader(path), Catch::Contains("is being written by another process"));
  REQUIRE(writer.end(SIGKILL) == -SIGKILL);
  const RunReader run(path);
  CHECK(run.outcome() == "running");
  CHECK(checked_rows(run) == 100);
}
