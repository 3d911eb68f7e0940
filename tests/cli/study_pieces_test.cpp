#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "command.hpp"

using namespace rnnlab::test;
using Catch::Contains;

namespace {

void write_study(const Workplace& here, const std::string& extra = "",
                 const std::string& steps = "4") {
  std::filesystem::create_directories(here.path("experiments/toy"));
  write_file(here.path("experiments/toy/study.ini"),
             "[study]\ntitle = A toy\n"
             "[model]\nname = lstm, gru\nhidden = 4\n"
             "[task]\nlength = 8\nvalid_examples = 8\ntest_examples = 8\n"
             "[train]\nbatch = 4\neval_every = 2\nseed = 0..2\nsteps = " +
                 steps +
                 "\n[smoke]\ntrain.seed = 0\n"
                 "[claim.runs]\nselect = model.name=lstm\nmetric = test/mse\nexpect = > 0\n"
                 "[claim.ends]\nstatistic = count\nmetric = outcome\nexpect = >= 4 of 6\n" +
                 extra);
}

nlohmann::json json_of(const Workplace& here, const std::string& file) {
  return nlohmann::json::parse(text_of(here.path(file)));
}

std::size_t runs_in(const Workplace& here, const std::string& folder) {
  return json_of(here, folder + "/manifest.json").at("runs").size();
}

const std::string tuned =
    "[tune]\nby = model.name\ntrain.lr = 0.001, 0.03\ntrain.clip_norm = 1, 10\n"
    "train.seed = 100, 101\n";

}  // namespace

TEST_CASE("a study in pieces is judged as a whole, and undecided until it is one") {
  const Workplace here;
  write_study(here);
  CHECK(here.call("study toy --study.dir out --seeds 0").code == 0);
  CHECK(runs_in(here, "out") == 2);
  auto verdict = json_of(here, "out/verdict.json");
  CHECK(verdict["claims"][0]["verdict"] == "UNDECIDED");
  CHECK(verdict["claims"][0]["pending"] == 2);
  CHECK(verdict["claims"][1]["pending"] == 4);
  CHECK_THAT(text_of(here.path("out/verdict.md")), Contains("runs: 2 runs have not ended"));

  here.call("study toy --study.dir out --seeds 0..1");  // overlaps with what is there
  CHECK(runs_in(here, "out") == 4);
  verdict = json_of(here, "out/verdict.json");
  CHECK(verdict["claims"][1]["verdict"] == "PASS");  // whatever comes of the other two
  CHECK(verdict["claims"][0]["verdict"] == "UNDECIDED");
  const std::string before = text_of(here.path("out/manifest.json"));
  const Ended again = here.call("study toy --study.dir out --seeds 0..1");
  CHECK_THAT(again.err, !Contains("["));
  CHECK(text_of(here.path("out/manifest.json")) == before);

  CHECK(here.call("study toy --study.dir out").code == 0);  // what is left
  CHECK(runs_in(here, "out") == 6);
  CHECK(json_of(here, "out/verdict.json")["claims"][0]["verdict"] == "PASS");
  here.call("study toy --study.dir out --seeds 5");  // more than was planned
  const Ended whole = here.call("study toy --study.dir out");
  CHECK_THAT(whole.err, !Contains("["));
  CHECK(runs_in(here, "out") == 8);
  verdict = json_of(here, "out/verdict.json");
  CHECK(verdict["claims"][0]["n"] == 4);
  CHECK(verdict["claims"][0]["seeds"] == nlohmann::json{"0", "1", "2", "5"});
  const std::string csv = text_of(here.path("out/summary.csv"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 9);
}

TEST_CASE("a piece of another grid is refused, and leaves everything as it was") {
  const Workplace here;
  write_study(here);
  here.call("study toy --study.dir out --seeds 0");
  const std::string before = text_of(here.path("out/manifest.json"));
  const Ended other = here.call("study toy --study.dir out --seeds 1 --train.lr 0.5");
  CHECK(other.code == 2);
  CHECK(other.one_line_error());
  CHECK_THAT(other.err, Contains("holds another sweep"));
  CHECK(text_of(here.path("out/manifest.json")) == before);
}

TEST_CASE("an interrupted piece goes on, and claims that change meanwhile are told") {
  const Workplace here;
  write_study(here, "", "2000");
  Started piece = here.start("study toy --study.dir out --seeds 0..1 --sweep.jobs 1");
  CHECK(eventually([&] { return text_of(here.path(".err")).find("[1/4]") != std::string::npos; }));
  piece.signal(SIGTERM);
  CHECK(piece.wait().code == 75);
  CHECK(json_of(here, "out/verdict.json")["claims"][0]["verdict"] == "UNDECIDED");
  write_study(here, "[claim.late]\nmetric = test/mse\nexpect = > 0\n", "2000");
  const Ended next = here.call("study toy --study.dir out --seeds 1..2");
  CHECK(next.code == 0);
  CHECK_THAT(next.err, !Contains("[1/6]"));  // the first run is kept
  CHECK_THAT(next.out, Contains("changed since the first run"));
  const auto verdict = json_of(here, "out/verdict.json");
  CHECK(verdict["claims_changed"] == true);
  REQUIRE(verdict["claims"].size() == 3);
  CHECK(verdict["claims"][2]["n"] == 6);
  CHECK(verdict["claims"][2]["verdict"] == "PASS");
}

TEST_CASE("a study tunes first, on other seeds, and then runs what was best") {
  const Workplace here;
  write_study(here, tuned);
  const Ended ended = here.call("study toy --study.dir out");
  CHECK(ended.code == 0);
  CHECK(runs_in(here, "out/tune") == 2 * 2 * 2 * 2);
  CHECK(runs_in(here, "out") == 6);
  CHECK_THAT(ended.out, Contains("tuned for model.name=lstm: train.lr="));
  CHECK_THAT(text_of(here.path("out/verdict.md")), Contains("## Tuning") && Contains("| yes |"));

  // The least mean of valid/mse@best, from the tuning's own runs.
  const auto choice = json_of(here, "out/tuned.json");
  CHECK(json_of(here, "out/verdict.json").at("tuning") == choice);
  REQUIRE(choice["groups"].size() == 2);
  const Ended compared =
      here.call({"compare", "out/tune", "--by", "model.name,train.lr,train.clip_norm", "--metric",
                 "valid/mse@best", "--format", "json"});
  const auto rows = nlohmann::json::parse(compared.out);
  for (const auto& group : choice["groups"]) {
    REQUIRE(group["tried"].size() == 4);
    CHECK(group["runs"] == 8);
    CHECK(group["steps"] == 32);
    const std::string model = group["at"]["model.name"];
    const auto& chosen = group["tried"][group["chosen"].get<std::size_t>()];
    for (const auto& tried : group["tried"]) {
      CHECK(chosen["mean"].get<double>() <= tried["mean"].get<double>());
      bool found = false;
      for (const auto& row : rows.at("rows")) {
        const auto& at = row.at("group");
        if (at.at("model.name") != model || at.at("train.lr") != tried["values"]["train.lr"] ||
            at.at("train.clip_norm") != tried["values"]["train.clip_norm"])
          continue;
        found = true;
        CHECK(row.at("mean").get<double>() == Approx(tried["mean"].get<double>()));
      }
      CHECK(found);
    }
    const auto manifest = json_of(here, "out/manifest.json");
    for (const auto& run : manifest["runs"]) {
      if (run["overrides"]["model.name"] != model) continue;
      for (const auto& [key, value] : chosen["values"].items())
        CHECK(run["overrides"][key] == value);
      const std::string ini =
          text_of(here.path("out/runs/" + run["id"].get<std::string>() + "/config.ini"));
      CHECK_THAT(ini, Contains("lr = " + chosen["values"]["train.lr"].get<std::string>() + "\n"));
    }
  }

  const Ended again = here.call("study toy --study.dir out");
  CHECK(again.code == 0);
  CHECK_THAT(again.err, !Contains("["));
  std::filesystem::remove_all(here.path("out/tune"));  // as a repository keeps it
  CHECK_THAT(here.call("study toy --study.dir out --seeds 3").err, Contains("[8/8]"));
  CHECK_FALSE(here.has("out/tune"));
  write_study(here, tuned + "train.steps = 3\n");
  const Ended other = here.call("study toy --study.dir out");
  CHECK(other.code == 2);
  CHECK(other.one_line_error());
  CHECK_THAT(other.err, Contains("tuned in another way"));

  // Kept results without any runs, of another version: all of it is done again.
  std::filesystem::remove_all(here.path("out/runs"));
  std::filesystem::remove(here.path("out/manifest.json"));
  CHECK(here.call("study toy --study.dir out").code == 0);
  CHECK(json_of(here, "out/tuned.json").at("sweep_sha256") != choice.at("sweep_sha256"));
  CHECK(json_of(here, "out/verdict.json").at("tuning") == json_of(here, "out/tuned.json"));
}

TEST_CASE("an interrupted tuning goes on where it was") {
  const Workplace here;
  write_study(here, tuned + "train.steps = 300\n");
  Started first = here.start("study toy --study.dir out --seeds 0 --sweep.jobs 1");
  CHECK(eventually([&] { return text_of(here.path(".err")).find("[1/16]") != std::string::npos; }));
  first.signal(SIGTERM);
  CHECK(first.wait().code == 75);
  CHECK_FALSE(here.has("out/tuned.json"));
  CHECK_FALSE(here.has("out/manifest.json"));
  const Ended next = here.call("study toy --study.dir out --seeds 0");
  CHECK(next.code == 0);
  CHECK_THAT(next.err, !Contains("[1/16]") && Contains("[16/16]") && Contains("[2/2]"));
  CHECK(json_of(here, "out/verdict.json")["claims"][0]["pending"] == 2);
}

TEST_CASE("a tuning that cannot be is refused before anything is run") {
  const Workplace here;
  const auto refused = [&](const std::string& command, const std::string& expected) {
    const Ended ended = here.call(command);
    INFO(command);
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Contains(expected));
    CHECK_FALSE(here.has("out"));
  };
  write_study(here, "[tune]\ntrain.lr = 0.1, 0.2\ntrain.seed = 2..3\n");
  refused("study toy --study.dir out", "its settings are chosen on, 2");
  write_study(here, tuned);
  refused("study toy --study.dir out --seeds 101..102", "its settings are chosen on, 101");
  refused("study toy --study.dir out --train.lr 0.1,0.2", "is tuned, and an axis");
  write_study(here, tuned + "metric = test/mse\n");
  refused("study toy --study.dir out", "cannot be chosen by test/mse");
  write_study(here, tuned);
  std::filesystem::create_directories(here.path("mine"));
  write_file(here.path("mine/thesis.txt"), "x");
  refused("study toy --study.dir mine", "not an empty folder");
  CHECK_FALSE(here.has("mine/tune"));
}

TEST_CASE("smoke does not tune") {
  const Workplace here;
  write_study(here, tuned);
  CHECK(here.call("study toy --smoke --study.dir out").code == 0);
  CHECK_FALSE(here.has("out/tune"));
  const auto manifest = json_of(here, "out/manifest.json");
  REQUIRE(manifest["runs"].size() == 2);
  for (const auto& run : manifest["runs"]) CHECK(run["overrides"]["train.lr"] == "0.001");
}
