#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "python.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

nlohmann::json manifest_of(const Workplace& here, const std::string& folder) {
  return nlohmann::json::parse(text_of(here.path(folder + "/manifest.json")), nullptr, false);
}

/// Processes whose command line names this folder.
int processes_in(const std::filesystem::path& folder) {
  int count = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string line = text_of(entry.path() / "cmdline");
    if (line.find(folder.string()) != std::string::npos) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a sweep freezes its grid, runs it, and sums it up") {
  const Workplace here;
  const Ended ended =
      here.call("sweep --model.name lstm,gru --train.seed 0..1 --sweep.dir s" + tiny);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("model.name") && Contains("2 of 2") && Contains("chance level"));
  CHECK_THAT(ended.err, Contains("[4/4]"));

  const auto manifest = manifest_of(here, "s");
  REQUIRE(manifest.at("runs").size() == 4);
  const auto& third = manifest["runs"][2];
  CHECK(third.at("index") == 2);
  CHECK(third.at("overrides").at("model.name") == "gru");
  CHECK(third.at("overrides").at("train.seed") == "0");
  for (const auto& run : manifest["runs"]) {
    const std::string folder = "s/runs/" + run.at("id").get<std::string>();
    CHECK(RunReader(here.path(folder + "/run.h5").string()).outcome() == "completed");
    CHECK(here.has(folder + "/log.txt"));
  }
  const auto summary = lines_of(here.path("s/summary.csv"));
  REQUIRE(summary.size() == 5);
  CHECK_THAT(summary[0],
             Catch::StartsWith("index,id,model.name,train.seed,state,steps,seconds,train/loss") &&
                 Contains("test/mse"));
  CHECK_THAT(summary[3],
             Catch::StartsWith("2," + third.at("id").get<std::string>() + ",gru,0,completed,6,"));
}

TEST_CASE("summary.h5 says what summary.csv and the run files say") {
  const Workplace here;
  REQUIRE(here.call("sweep --model.name vanilla --model.activation relu,tanh --train.optimizer sgd "
                    "--train.lr 1e6,1e-3 --train.seed 0..1 --sweep.dir s" +
                    tiny + "0")
              .code == 0);
  const auto check = [&](const std::string& folder) {
    const Python result = python("cli/read_summaries.py", here.path(folder).string());
    INFO(result.output);
    if (result.code == 77) {
      WARN("skipped: " << result.output);
    } else {
      CHECK(result.code == 0);
    }
  };
  check("s");
  const std::string gone = manifest_of(here, "s")["runs"][1]["id"];
  std::filesystem::remove_all(here.path("s/runs/" + gone));
  REQUIRE(here.call("resume s").code == 0);
  std::filesystem::rename(here.path("s"), here.path("moved"));
  check("moved");
}

TEST_CASE("a sweep begins anew where only its results were kept") {
  const Workplace here;
  REQUIRE(here.call("sweep --train.seed 0..1 --sweep.dir s" + tiny).code == 0);
  const auto before = lines_of(here.path("s/summary.csv"));
  std::filesystem::remove(here.path("s/manifest.json"));
  CHECK(here.call("sweep --train.seed 2..3 --sweep.dir s" + tiny).code == 2);  // runs are there
  CHECK(here.call("sweep --train.seed 0..1 --sweep.dir s" + tiny).code == 0);  // those of the grid
  std::filesystem::remove(here.path("s/manifest.json"));
  std::filesystem::remove_all(here.path("s/runs"));
  CHECK(here.call("sweep --train.seed 0..1 --sweep.dir s" + tiny).code == 0);
  CHECK(manifest_of(here, "s")["runs"].size() == 2);
  CHECK(lines_of(here.path("s/summary.csv")).size() == before.size());
}

TEST_CASE("the same sweep again runs only what is missing") {
  const Workplace here;
  const std::string call = "sweep --train.seed 0..2 --sweep.jobs 1 --sweep.dir s" + tiny;
  REQUIRE(here.call(call).code == 0);
  const auto runs = manifest_of(here, "s")["runs"];
  const auto file = [&](int i) {
    return here.path("s/runs/" + runs[i]["id"].get<std::string>() + "/run.h5");
  };
  const auto kept = std::filesystem::last_write_time(file(0));
  std::filesystem::remove_all(file(1).parent_path());
  CHECK(here.call(call).code == 0);
  CHECK(std::filesystem::exists(file(1)));
  CHECK(std::filesystem::last_write_time(file(0)) == kept);
  std::filesystem::remove_all(file(2).parent_path());
  CHECK(here.call("resume s").code == 0);
  CHECK(std::filesystem::exists(file(2)));

  const Ended other = here.call("sweep --train.seed 0..3 --sweep.dir s" + tiny);
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("holds another sweep"));
}

TEST_CASE("what a run's status.json and run.h5 say decides what is run again") {
  const Workplace here;
  REQUIRE(here.call("sweep --train.seed 0..2 --sweep.dir s" + tiny).code == 0);
  const auto folder = [&](int seed) {
    return here.path("s/runs/" + manifest_of(here, "s")["runs"][seed]["id"].get<std::string>());
  };
  const auto status_of = [&](int seed) {
    return nlohmann::json::parse(text_of(folder(seed) / "status.json"), nullptr, false);
  };
  const auto before = status_of(0);
  const std::string kept = text_of(folder(0) / "run.h5");
  std::filesystem::remove(folder(0) / "status.json");
  write_file(folder(1) / "status.json", "{\"state\": \"runn");
  std::filesystem::remove(folder(2) / "run.h5");
  CHECK(here.call("resume s").code == 0);
  CHECK(text_of(folder(0) / "run.h5") == kept);
  for (const char* key : {"state", "id", "step", "steps", "loss", "metric"})
    CHECK(status_of(0)[key] == before[key]);
  CHECK(status_of(1)["state"] == "completed");
  CHECK(RunReader((folder(2) / "run.h5").string()).outcome() == "completed");
}

TEST_CASE("a run of a manifest has the bytes of the same run alone") {
  const Workplace here;
  REQUIRE(here.call("sweep --train.seed 0..1 --sweep.dir s" + tiny).code == 0);
  REQUIRE(here.call("run --train.seed 1 --run.dir a" + tiny).code == 0);
  const std::string id = manifest_of(here, "s")["runs"][1]["id"];
  CHECK(differing_datasets(here.path("s/runs/" + id + "/run.h5").string(),
                           here.path("a/run.h5").string())
            .empty());
  CHECK_THAT(here.call("run --from s --index 1").out, Contains("complete"));
  CHECK(here.call("run --from s --index 2").code == 2);
  CHECK(here.call("run --from s --index -1").code == 2);
  CHECK(here.call("run --from s --index 1 --train.steps 9").code == 2);
}

TEST_CASE("a dry run prints the grid and makes nothing") {
  const Workplace here;
  const Ended ended = here.call("sweep --train.lr log(1e-4,1e-2,3) --train.seed 0..1 --dry-run");
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("6 runs") && Contains("train.lr=0.001 train.seed=1") &&
                            Contains("of 3 settings timed"));
  CHECK(here.empty());
}

TEST_CASE("diverged runs are results, failed ones are not") {
  const Workplace here;
  const Ended diverged = here.call(
      "sweep --model.name vanilla --model.activation relu --train.optimizer sgd --train.lr 1e6,1e-3"
      " --sweep.dir s" +
      tiny + "0");
  CHECK(diverged.code == 0);
  CHECK_THAT(diverged.err, Contains("diverged"));
  const Ended failed =
      here.call("sweep --model.name gru --model.activation tanh,relu --sweep.dir f" + tiny);
  CHECK(failed.code == 70);
  CHECK_THAT(failed.err, Contains("failed"));
  CHECK_THAT(text_of(here.path("f/summary.csv")), Contains(",failed,") && Contains(",completed,"));
}

TEST_CASE("an interrupted sweep takes its runs along: 75, all of them stopped and resumable") {
  const Workplace here;
  // Quiet: what it says goes where the words of the other commands go.
  Started sweep =
      here.start("sweep --quiet --train.seed 0..3 --sweep.jobs 2 --sweep.dir s" + endless);
  const auto running = [&] {
    int count = 0;
    const auto manifest = manifest_of(here, "s");
    if (!manifest.is_object()) return 0;
    for (const auto& run : manifest["runs"]) {
      const auto file = here.path("s/runs/" + run["id"].get<std::string>() + "/status.json");
      const auto status = nlohmann::json::parse(text_of(file), nullptr, false);
      count += status.is_object() && status["state"] == "running" && status["step"] > 0;
    }
    return count;
  };
  REQUIRE(eventually([&] { return running() == 2; }));
  CHECK_THAT(here.call("resume s").err, Contains("another process is working"));
  sweep.signal(SIGTERM);
  const Ended ended = sweep.wait();
  CHECK(ended.code == 75);
  CHECK(running() == 0);
  CHECK_THAT(text_of(here.path("s/summary.csv")),
             Contains(",interrupted,") && Contains(",missing,"));
}

TEST_CASE("the runs of a sweep that is killed die with it") {
  const Workplace here;
  const std::string folder = here.path("s").string();
  Started sweep =
      here.start("sweep --train.seed 0..1 --sweep.jobs 2 --sweep.dir " + folder + endless);
  REQUIRE(eventually([&] { return processes_in(folder) == 3; }));
  sweep.signal(SIGKILL);
  CHECK(sweep.wait().code == -SIGKILL);
  CHECK(eventually([&] { return processes_in(folder) == 0; }));
}
