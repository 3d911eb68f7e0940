#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

nlohmann::json status_of(const Workplace& here, const std::string& folder) {
  return nlohmann::json::parse(text_of(here.path(folder + "/status.json")), nullptr, false);
}

}  // namespace

TEST_CASE("a run leaves its three files and says what came of it") {
  const Workplace here;
  const Ended ended = here.call("run --run.dir out/deep/a" + tiny);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("completed after 6 of 6 steps") && Contains("test/mse") &&
                            Contains("chance"));
  CHECK_THAT(ended.err, !Contains("error"));
  const RunReader run(here.path("out/deep/a/run.h5").string());
  CHECK(run.outcome() == "completed");
  std::vector<std::string> attributes;
  for (const auto& [name, value] : run.attributes()) attributes.push_back(name);
  for (const char* name :
       {"schema", "schema_version", "rnnlab_version", "numerics", "git_commit", "git_dirty",
        "command_line", "created", "config_hash", "seed", "cpu", "isa", "threads", "compiler",
        "flags", "libraries", "outcome", "data_sha256", "ftz"}) {
    INFO(name);
    CHECK(std::count(attributes.begin(), attributes.end(), name) == 1);
  }
  const auto status = status_of(here, "out/deep/a");
  CHECK(status.at("state") == "completed");
  CHECK(status.at("step") == 6);
  CHECK(status.at("steps") == 6);
  const std::string config = text_of(here.path("out/deep/a/config.ini"));
  CHECK(config.substr(config.find('\n') + 1) == run.config());
  CHECK_THAT(run.config(), Contains("seed = 0") && !Contains("[run]") && !Contains("mode ="));
}

TEST_CASE("a run goes to results/runs/<id> by itself, and its config.ini repeats it") {
  const Workplace here;
  const Ended first = here.call("run --quiet --train.seed 3" + tiny);
  CHECK(first.code == 0);
  CHECK(first.err.empty());
  const std::string id = first.out.substr(0, first.out.find(':'));
  CHECK_THAT(id, Catch::Matches("adding-lstm-[0-9a-f]{8}-s3"));
  REQUIRE(here.has("results/runs/" + id + "/run.h5"));
  CHECK(here.call("run results/runs/" + id + "/config.ini --run.dir again --run.threads 2").code ==
        0);
  CHECK(differing_datasets(here.path("results/runs/" + id + "/run.h5").string(),
                           here.path("again/run.h5").string())
            .empty());
}

TEST_CASE("a finished run is complete and not touched; another run is refused") {
  const Workplace here;
  REQUIRE(here.call("run --run.dir a" + tiny).code == 0);
  const std::string before = text_of(here.path("a/run.h5")),
                    status = text_of(here.path("a/status.json"));
  const Ended again = here.call("run --run.dir a" + tiny);
  CHECK(again.code == 0);
  CHECK_THAT(again.out, Contains("complete"));
  CHECK(here.call("resume a").code == 0);
  const Ended other = here.call("run --run.dir a --train.seed 1" + tiny);
  CHECK(other.code == 2);
  CHECK(other.one_line_error());
  CHECK_THAT(other.err, Contains("holds another run"));
  CHECK(text_of(here.path("a/run.h5")) == before);
  CHECK(text_of(here.path("a/status.json")) == status);

  write_file(here.path("file"), "mine");
  std::filesystem::create_directory(here.path("mine"));
  write_file(here.path("mine/notes.txt"), "mine");
  CHECK(here.call("run --run.dir file" + tiny).code == 2);
  CHECK(here.call("run --run.dir mine" + tiny).code == 2);
  CHECK(text_of(here.path("file")) == "mine");
  CHECK(std::distance(std::filesystem::directory_iterator(here.path("mine")), {}) == 1);
}

TEST_CASE(
    "a run is interrupted by SIGTERM, SIGINT and SIGUSR1: 75, closed file, then gone on with") {
  const int number = GENERATE(SIGTERM, SIGINT, SIGUSR1);
  const Workplace here;
  Started run = here.start("run --run.dir a" + endless);
  REQUIRE(eventually(
      [&] { return status_of(here, "a").is_object() && status_of(here, "a")["step"] > 0; }));
  CHECK(status_of(here, "a")["state"] == "running");
  CHECK(status_of(here, "a")["pid"] == run.pid());
  CHECK_THAT(here.call("run --run.dir a" + endless).err, Contains("another process is working"));
  run.signal(number);
  CHECK(run.wait().code == 75);
  CHECK(status_of(here, "a")["state"] == "interrupted");
  CHECK(RunReader(here.path("a/run.h5").string()).outcome() == "interrupted");

  const Ended again = here.call("run --run.dir a --train.max_seconds 0.2" + endless);
  CHECK(again.code == 0);
  CHECK_THAT(again.err, Contains("going on from step"));
  CHECK(status_of(here, "a")["state"] == "completed");
}

TEST_CASE("a killed run is begun anew") {
  const Workplace here;
  Started run = here.start("run --run.dir a" + endless);
  REQUIRE(eventually(
      [&] { return status_of(here, "a").is_object() && status_of(here, "a")["step"] > 0; }));
  run.signal(SIGKILL);
  CHECK(run.wait().code == -SIGKILL);
  CHECK(here.call("run --run.dir a --train.max_seconds 0.2" + endless).code == 0);
  CHECK(RunReader(here.path("a/run.h5").string()).outcome() == "completed");
}

TEST_CASE("a diverged run is recorded: 3, and stays so") {
  const Workplace here;
  const std::string call =
      "run --run.dir a --model.name vanilla --model.activation relu --train.optimizer sgd"
      " --train.lr 1e6" +
      tiny + "0";
  CHECK(here.call(call).code == 3);
  CHECK(status_of(here, "a")["state"] == "diverged");
  CHECK(RunReader(here.path("a/run.h5").string()).outcome() == "diverged");
  CHECK(here.call(call).code == 3);
  CHECK(here.call("resume a").code == 3);
}

TEST_CASE("options that do not fit leave nothing behind") {
  const Workplace here;
  const Ended ended =
      here.call("run --run.dir a/b --model.name gru --model.activation relu" + tiny);
  CHECK(ended.code == 2);
  CHECK(ended.one_line_error());
  CHECK(here.empty());
}

TEST_CASE("closed standard streams do not end up in the run file") {
  const Workplace here;
  const std::string command = "cd " + here.path("").string() + "; " + program + " run --run.dir ";
  CHECK(std::system((command + "a" + tiny + " <&- >&- 2>&-").c_str()) == 0);
  CHECK(std::system((command + "b" + tiny + " > /dev/null 2>&1").c_str()) == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string()).empty());
}

TEST_CASE("a folder that cannot be made is exit 5") {
  const Workplace here;
  const Ended ended = here.call("run --run.dir /proc/nowhere/a" + tiny);
  CHECK(ended.code == 5);
  CHECK(ended.one_line_error());
}

TEST_CASE("a profile is measured every time, also of a finished run") {
  const Workplace here;
  for (int i = 0; i < 2; ++i) {
    const Ended ended =
        here.call("run --task.name noise --profile --format json --run.dir a" + tiny);
    CHECK(ended.code == 0);
    const auto json = nlohmann::json::parse(ended.out);
    CHECK(json.at("ms_per_step") > 0);
    const auto phases = json.at("phases").get<std::map<std::string, double>>();
    double sum = 0;
    for (const auto& [name, milliseconds] : phases) {
      CHECK(milliseconds >= 0);
      sum += milliseconds;
    }
    CHECK(phases.size() == 10);
    CHECK(phases.count("weight gradients") == 1);
    CHECK(sum > 0);
    CHECK(json.at("peak_rss_mb") > 1);
  }
  CHECK_THAT(here.call("run --task.name noise --profile --run.dir b" + tiny).out,
             Contains("whole step (median)"));
}

TEST_CASE("a profile's phases sum to the step, on one thread and on two") {
  const Workplace here;
  for (const char* threads : {"1", "2"}) {
    const Ended ended = here.call(
        "run --quiet --task.name noise --profile --format json --train.steps 600 --model.hidden 32 "
        "--task.length 40 --train.eval_every 0 --task.test_examples 1 --run.dir t" +
        std::string(threads) + " --run.threads " + threads);
    const auto json = nlohmann::json::parse(ended.out);
    double sum = 0;
    for (const auto& phase : json.at("phases")) sum += phase.get<double>();
    CHECK(sum == Approx(json.at("ms_per_step").get<double>()).epsilon(0.03));
  }
}
