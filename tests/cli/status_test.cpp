#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("status of a finished sweep, of what is missing, and of one run") {
  const Workplace here;
  REQUIRE(here.call("sweep --model.name gru --train.seed 0..2 --sweep.dir s" + tiny).code == 0);
  const Ended all = here.call("status s");
  CHECK(all.code == 0);
  CHECK_THAT(all.out, Contains("6/6") && Contains("3 runs: 3 completed\n"));
  CHECK(all.err.empty());

  const auto json = nlohmann::json::parse(here.call("status s --format json").out);
  REQUIRE(json.at("runs").size() == 3);
  const std::string id = json["runs"][1].at("id");
  CHECK_THAT(id, Catch::EndsWith("-s1"));
  CHECK(json["runs"][1].at("metric").is_number());

  const Ended one = here.call("status s/runs/" + id);
  CHECK(one.code == 0);
  CHECK_THAT(one.out, Contains(id) && Contains("1 run: 1 completed\n"));

  // The run file is not looked at.
  write_file(here.path("s/runs/" + id + "/run.h5"), "damaged");
  CHECK_THAT(here.call("status s").out, Contains("3 runs: 3 completed\n"));
  std::filesystem::remove_all(here.path("s/runs/" + id));
  CHECK_THAT(here.call("status s").out, Contains("pending") && Contains("2 completed, 1 pending"));
}

TEST_CASE("status of a run that goes on, and of one that was killed") {
  const Workplace here;
  Started run = here.start("run --run.dir r" + endless);
  const auto state = [&] {
    const auto json =
        nlohmann::json::parse(here.call("status r --format json").out, nullptr, false);
    return json.is_object() ? json["runs"][0]["state"].get<std::string>() : "";
  };
  REQUIRE(eventually([&] { return state() == "running"; }));
  CHECK_THAT(here.call("status r").out, Contains("/1000000000") && Contains("1 run: 1 running"));
  run.signal(SIGKILL);
  run.wait();
  CHECK(state() == "lost");
}

TEST_CASE("status says in one line what it cannot do") {
  const Workplace here;
  std::filesystem::create_directory(here.path("empty"));
  for (const char* line : {"status", "status a b", "status nowhere", "status empty",
                           "status empty --format csv", "status empty --by x"}) {
    INFO(line);
    const Ended ended = here.call(line);
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
    CHECK(ended.out.empty());
  }
}
