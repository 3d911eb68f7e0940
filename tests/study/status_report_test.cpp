#include "study/status_report.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "files.hpp"
#include "record/scratch.hpp"
#include "study/manifest.hpp"
#include "study/text_file.hpp"
#include "toy.hpp"

using namespace rnnlab;

namespace {

namespace fs = std::filesystem;

Manifest manifest(const std::string& seeds) {
  return make_manifest(expand(toy_registry(), {{"train.seed", seeds, ""}}));
}

Status with(const std::string& state, double seconds, double eta = NAN) {
  Status status{.state = state, .step = 5, .steps = 10, .host = host_name()};
  status.seconds = seconds;
  status.eta_seconds = eta;
  status.pid = ::getpid();
  return status;
}

using Counts = std::vector<std::pair<std::string, std::size_t>>;

}  // namespace

TEST_CASE("every run of a sweep in the manifest's order, whatever has become of it") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("");
  const Manifest frozen = manifest("0..5");
  write_manifest(folder, frozen);
  const auto put = [&](std::size_t i, const Status& status) {
    make_folder(run_folder(folder, frozen.runs[i]));
    write_status(run_folder(folder, frozen.runs[i]), status);
  };
  put(1, with("completed", 10));
  put(2, with("running", 5, 5));
  Status gone = with("running", 5, 5);
  gone.pid = 4194304;  // no process has the largest number that a kernel gives
  put(3, gone);
  put(4, with("failed", 1));
  put(5, with("running", 5, 5));
  test::write_file(run_folder(folder, frozen.runs[5]) / "status.json", "{");
  // Whoever opened this as a run file would fail.
  test::write_file(run_folder(folder, frozen.runs[1]) / "run.h5", "no such thing");

  const StatusReport report = status_report(folder);
  REQUIRE(report.runs.size() == 6);
  const std::vector<std::string> states{"pending", "completed", "running",
                                        "lost",    "failed",    "unknown"};
  for (std::size_t i = 0; i < states.size(); ++i) {
    CHECK(report.runs[i].state == states[i]);
    CHECK(report.runs[i].id == frozen.runs[i].id);
  }
  CHECK(report.counts() == Counts{{"completed", 1},
                                  {"running", 1},
                                  {"lost", 1},
                                  {"failed", 1},
                                  {"pending", 1},
                                  {"unknown", 1}});
  // Runs last 10 s: 5 s of the running one, then the pending and the lost one.
  CHECK(report.eta_seconds() == 25);

  const auto json = nlohmann::json::parse(status_json(report));
  REQUIRE(json.at("runs").size() == 6);
  CHECK(json["runs"][2].at("index") == 2);
  CHECK(json["runs"][2].at("step") == 5);
  CHECK(json["runs"][2].at("eta_seconds") == 5);
  CHECK(json["runs"][0].at("steps").is_null());
  CHECK(json["runs"][0].at("loss").is_null());
  CHECK(json.at("counts").at("lost") == 1);
  CHECK(json.at("eta_seconds") == 25);
}

TEST_CASE("the time left is shared by the runs that are running") {
  StatusReport report;
  report.runs = {with("completed", 20), with("running", 10, 10), with("running", 15, 5),
                 with("pending", NAN), with("pending", NAN)};
  CHECK(report.eta_seconds() == Approx((10 + 5 + 2 * 20) / 2.0));
  report.runs = {with("completed", 20), with("diverged", 1), with("failed", 1)};
  CHECK(report.eta_seconds() == 0);
  report.runs = {with("pending", NAN)};
  CHECK(std::isnan(report.eta_seconds()));
}

TEST_CASE("a single run is a list of one") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("my-run");
  make_folder(folder);
  test::write_file(folder / "config.ini", "");
  CHECK(status_report(folder).runs.at(0).state == "pending");
  CHECK(status_report(folder.string() + "/").runs.at(0).id == "my-run");
  write_status(folder, with("completed", 3));
  CHECK(status_report(folder).counts() == Counts{{"completed", 1}});
}

TEST_CASE("a folder with neither a run nor a sweep is a usage error") {
  const test::Scratch scratch;
  CHECK_THAT(error_of([&] { status_report(scratch.path("")); }),
             Catch::StartsWith("2: no run and no sweep"));
  CHECK_THAT(error_of([&] { status_report(scratch.path("nowhere")); }),
             Catch::StartsWith("2: no run and no sweep"));
  test::write_file(scratch.path("manifest.json"), "{");
  CHECK_THAT(error_of([&] { status_report(scratch.path("")); }),
             Catch::StartsWith("2: not a manifest"));
}

TEST_CASE("ten thousand runs are answered in a second") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("");
  const Manifest frozen = manifest("0..9999");
  write_manifest(folder, frozen);
  for (const ManifestRun& run : frozen.runs) {
    make_folder(run_folder(folder, run));
    write_status(run_folder(folder, run), with("completed", 1));
  }
  const auto start = std::chrono::steady_clock::now();
  const StatusReport report = status_report(folder);
  const std::string json = status_json(report);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  CHECK(report.counts() == Counts{{"completed", 10000}});
  CHECK(json.size() > 1000000);
#ifndef __SANITIZE_ADDRESS__
  CHECK(taken.count() < 20);  // three times what is promised: other work may share the machine
#endif
}
