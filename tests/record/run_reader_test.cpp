#include "record/run_reader.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/error.hpp"
#include "record/recorder.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Matchers::Contains;

namespace {

struct Contents {
  std::vector<double> loss = {1, 0.5, std::numeric_limits<double>::quiet_NaN()};
  std::vector<double> seconds = {1, 2, 3};
  std::vector<double> weights = {1, 2, 3, 4};
  std::vector<std::int64_t> shape = {2, 2};
  std::string config = "[model]\n";
  bool single = false;
  std::string extra = {};
};

std::string write(const Scratch& scratch, const std::string& name, const Contents& contents) {
  const std::string path = scratch.path(name);
  Recorder recorder(path, {{"created", name}}, contents.config, "auto");
  Table& table = recorder.table(
      {.group = "metrics/test", .columns = {{"loss", "1", "loss"}, {"seconds", "s", "time"}}});
  recorder.array({"model/parameters/w", contents.shape, "1", "w", contents.single});
  if (!contents.extra.empty()) recorder.array({contents.extra, {1}, "1", "one more"});
  recorder.start();
  for (std::size_t i = 0; i < contents.loss.size(); ++i)
    table.row(static_cast<std::int64_t>(i), std::vector{contents.loss[i], contents.seconds[i]});
  recorder.write_array("model/parameters/w", contents.weights);
  recorder.finish("completed");
  return path;
}

std::string failure(const std::string& path) {
  try {
    const RunReader run(path);
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("differing_datasets: what differs, and nothing else", "[record]") {
  const Scratch scratch;
  const std::string a = write(scratch, "a.h5", {});
  const auto against = [&](const Contents& contents) {
    const std::string b = write(scratch, "b.h5", contents);
    const auto differing = differing_datasets(a, b);
    CHECK(differing_datasets(b, a) == differing);
    return differing;
  };
  using Paths = std::vector<std::string>;
  CHECK(differing_datasets(a, a).empty());
  CHECK(against({}).empty());
  CHECK(against({.seconds = {7, 8, 9}}).empty());
  CHECK(against({.loss = {1, std::nextafter(0.5, 1), std::numeric_limits<double>::quiet_NaN()}}) ==
        Paths{"metrics/test/loss"});
  CHECK(against({.loss = {1, 0.5, -std::numeric_limits<double>::quiet_NaN()}}) ==
        Paths{"metrics/test/loss"});
  CHECK(against({.loss = {1, 0.5}}) == Paths{"metrics/test/loss", "metrics/test/step"});
  CHECK(against({.weights = {1, 2, 3, 5}}) == Paths{"model/parameters/w"});
  CHECK(against({.shape = {4, 1}}) == Paths{"model/column_1", "model/column_2",
                                            "model/parameters/w", "model/row_2", "model/row_4"});
  CHECK(against({.single = true}) == Paths{"model/parameters/w"});
  CHECK(against({.config = "[model]\n#"}) == Paths{"config"});
  CHECK(against({.extra = "z/more"}) == Paths{"row_1", "z/more"});
}

TEST_CASE("RunReader: metrics by path", "[record]") {
  const Scratch scratch;
  const RunReader run(write(scratch, "a.h5", {.loss = {3, 2}}));
  CHECK(run.last("test/loss") == 2);
  CHECK(run.datasets() == std::vector<std::string>{"config", "metrics/test/loss",
                                                   "metrics/test/seconds", "metrics/test/step",
                                                   "model/column_2", "model/parameters/w",
                                                   "model/row_2", "outcome"});
  CHECK_THROWS_WITH(run.last("test/los"), Contains("did you mean 'test/loss'?"));
  CHECK_THROWS_AS(run.values("no/such"), Error);
  CHECK_THROWS_AS(run.series("nowhere"), Error);
}

TEST_CASE("RunReader: files that are no run are told in one line", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  CHECK_THAT(failure(path), Contains("no such run file"));
  CHECK_THAT(failure(scratch.path("")), Contains("cannot read the run file"));
  std::ofstream(path).close();
  CHECK_THAT(failure(path), Contains("cannot read the run file"));
  std::ofstream(path) << "step,loss\n";
  CHECK_THAT(failure(path), Contains("cannot read the run file"));

  const std::string whole = write(scratch, "whole.h5", {});
  for (const double share : {0.05, 0.5, 0.99}) {
    std::filesystem::copy_file(whole, path, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(
        path, static_cast<std::uintmax_t>(share *
                                          static_cast<double>(std::filesystem::file_size(whole))));
    const std::string said = failure(path);
    CHECK_THAT(said, Contains("cannot read the run file"));
    CHECK(said.find('\n') == std::string::npos);
  }
}

TEST_CASE("RunReader: a damaged chunk is an error, not a number", "[record]") {
  const Scratch scratch;
  const std::string path = write(scratch, "a.h5", {.weights = {1.25, 1234.5678, 3, 4}});
  const double sought = 1234.5678;
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto at = bytes.find(std::string(reinterpret_cast<const char*>(&sought), sizeof sought));
  REQUIRE(at != std::string::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  const RunReader run(path);
  CHECK_THROWS_WITH(run.values("model/parameters/w"), Contains("cannot read model/parameters/w"));
  CHECK(run.last("test/loss").has_value());
}
