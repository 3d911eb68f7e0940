#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

nlohmann::json json_of(const Ended& ended) {
  return nlohmann::json::parse(ended.out, nullptr, false);
}

}  // namespace

TEST_CASE("compare reads what the run files hold, of sweeps and of single runs") {
  const Workplace here;
  REQUIRE(here.call("sweep --model.name gru --train.seed 0..2 --sweep.dir s" + tiny).code == 0);
  REQUIRE(here.call("run --model.name lstm --train.seed 1 --run.dir r" + tiny).code == 0);
  const auto json =
      json_of(here.call("compare s r --by model.name --metric test/mse --format json"));
  REQUIRE(json.is_object());
  REQUIRE(json.at("rows").size() == 2);
  const auto& gru = json["rows"][0];
  const auto& lstm = json["rows"][1];
  CHECK(gru.at("group").at("model.name") == "gru");
  CHECK(gru.at("n") == 3);

  double sum = 0, second = 0;
  const auto manifest = nlohmann::json::parse(text_of(here.path("s/manifest.json")));
  for (const auto& run : manifest.at("runs")) {
    const std::string id = run["id"];
    const RunReader reader(here.path("s/runs/" + id + "/run.h5").string());
    sum += reader.last("test/mse").value();
    if (id.ends_with("-s1")) second = reader.last("test/mse").value();
  }
  const double own = RunReader(here.path("r/run.h5").string()).last("test/mse").value();
  CHECK(gru.at("mean").get<double>() == Approx(sum / 3).epsilon(1e-12));
  CHECK(lstm.at("mean") == own);
  CHECK(lstm.at("difference").at("mean").get<double>() == Approx(own - second).epsilon(1e-12));
  CHECK(lstm.at("difference").at("pairs") == 1);

  const Ended table = here.call("compare s --by model.name,task.length --metric valid/mse@best");
  CHECK(table.code == 0);
  CHECK_THAT(table.out, Contains("Student t 95 %") && Contains("gru         8            3"));
  const Ended csv = here.call("compare s --by train.seed --metric outcome --format csv");
  CHECK_THAT(csv.out,
             Catch::StartsWith("train.seed,n,mean,ci_low,ci_high,") && Contains("\n2,1,1,"));
}

TEST_CASE("compare of a half-finished sweep counts what is pending") {
  const Workplace here;
  const std::string call = "sweep --model.name gru --train.seed 0..2 --sweep.dir s" + tiny;
  REQUIRE(here.call(call).code == 0);
  const auto runs = nlohmann::json::parse(text_of(here.path("s/manifest.json")))["runs"];
  const auto folder = [&](int i) {
    return here.path("s/runs/" + runs[i]["id"].get<std::string>());
  };
  std::filesystem::remove_all(folder(0));
  const Ended table = here.call("compare s --by model.name --metric test/mse");
  CHECK(table.code == 0);
  CHECK_THAT(table.out, Contains("1 run pending"));
  const auto json = json_of(here.call("compare s --by model.name --metric test/mse --format json"));
  CHECK(json.at("rows").at(0).at("n") == 2);
  CHECK(json["rows"][0].at("pending") == 1);
  std::filesystem::remove_all(folder(1));
  std::filesystem::remove_all(folder(2));
  const Ended none = here.call("compare s --by model.name --metric test/mse");
  CHECK(none.code == 0);
  CHECK_THAT(none.out, Contains("3 runs pending"));
}

TEST_CASE("compare counts diverged runs as failures") {
  const Workplace here;
  REQUIRE(here.call("sweep --model.name vanilla --model.activation relu --train.optimizer sgd "
                    "--train.lr 1e6,1e-3 --sweep.dir s" +
                    tiny + "0")
              .code == 0);
  const auto json = json_of(here.call("compare s --by train.lr --metric outcome --format json"));
  REQUIRE(json.at("rows").size() == 2);
  CHECK(json["rows"][0].at("failures") == 1);
  CHECK(json["rows"][0].at("success").at("runs") == 1);
  CHECK(json["rows"][0]["success"].at("reached") == 0);
  CHECK(json["rows"][0].at("mean") == 0);
  CHECK(json["rows"][1].at("failures") == 0);
  CHECK(json["rows"][1].at("mean") == 1);
  CHECK(json.at("ci_kind") == "Wilson 95 %");
}

TEST_CASE("compare counts who reached the target, when, and that a failed run did not") {
  const Workplace here;
  // The GRU has no activation to choose: its run fails. Every validation reaches a bar of 1000.
  const std::string easy = tiny + " --train.target 1000";
  CHECK(
      here.call("sweep --model.name gru --model.activation tanh,relu --sweep.dir f" + easy).code ==
      70);
  REQUIRE(here.call("sweep --model.name lstm --train.seed 0..2 --sweep.dir s" + tiny).code == 0);
  const std::string call = "compare f s --by model.name --metric ";
  const auto json = json_of(here.call(call + "steps_to_target --format json"));
  REQUIRE(json.at("rows").size() == 2);
  const auto& gru = json["rows"][0];
  CHECK(gru.at("failed") == 1);
  CHECK(gru.at("success").at("reached") == 1);
  CHECK(gru["success"].at("runs") == 2);
  const auto& curve = gru.at("time_to_target").at("curve");
  REQUIRE(curve.size() == 1);
  CHECK(curve[0].at("step") == 0);
  CHECK(curve[0].at("at_risk") == 2);
  CHECK(curve[0].at("share") == 0.5);
  CHECK(gru["time_to_target"]["quartiles"] == nlohmann::json({0.0, 0.0, nullptr}));
  const auto& lstm = json["rows"][1];
  CHECK(lstm.at("success").at("reached") == 0);
  CHECK(lstm.at("time_to_target").at("curve").empty());
  CHECK(lstm["time_to_target"].at("seen").get<double>() >= 4);
  CHECK(json.at("criterion") == "its run's target");

  const Ended table = here.call(call + "steps_to_target --against model.name=lstm");
  CHECK(table.code == 0);
  CHECK_THAT(table.out, Contains("1 run failed: never reached it") && Contains("Kaplan") &&
                            Contains("difference: to model.name=lstm"));
  const Ended values = here.call(call + "test/mse");
  CHECK_THAT(values.out, Contains("1 run failed: no result, left out of the values, not "
                                  "successful"));
}

TEST_CASE("a run without validations has no way to its target") {
  const Workplace here;
  const std::string call =
      "run --run.dir r --task.length 8 --task.test_examples 8 --model.hidden 4 "
      "--train.batch 4 --train.steps 6 --record.every 2 --train.eval_every 0";
  REQUIRE(here.call(call).code == 0);
  const auto json = json_of(here.call("compare r --by model.name --metric test/mse --format json"));
  CHECK(json.at("rows").at(0).at("success").is_null());
  const Ended refused = here.call("compare r --by model.name --metric steps_to_target");
  CHECK(refused.code == 2);
  CHECK(refused.one_line_error());
  CHECK_THAT(refused.err, Contains("set train.target"));
}

TEST_CASE("compare says in one line what it cannot do") {
  const Workplace here;
  REQUIRE(here.call("run --run.dir r" + tiny).code == 0);
  const auto refused = [&](const std::string& line, int code, const std::string& words) {
    INFO(line);
    const Ended ended = here.call(line);
    CHECK(ended.code == code);
    CHECK(ended.one_line_error());
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Contains(words));
  };
  refused("compare --by model.name --metric test/mse", 2, "one folder or more");
  refused("compare r --metric test/mse", 2, "no keys");
  refused("compare r --by model.name", 2, "no metric");
  refused("compare nowhere --by model.name --metric test/mse", 2, "no run and no sweep");
  refused("compare r r --by model.name --metric test/mse", 2, "occurs twice");
  refused("compare r --by model.nam --metric test/mse", 2, "did you mean model.name?");
  refused("compare r --by model.name --metric test/msee", 2, "did you mean test/mse?");
  refused("compare r --by model.name --metric test/mse --against model.name=gru", 2, "no row is");
  refused("compare r --by model.name --metric test/mse --against gru", 2, "KEY=VALUE");
  refused("compare r --by model.name --metric test/mse --format xml", 2, "choose one of");
  write_file(here.path("r/run.h5"), "damaged");
  refused("compare r --by model.name --metric test/mse", 4, "run.h5");
}
