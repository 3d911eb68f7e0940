#include "study/compare.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

ComparedRun run(const std::string& model, int seed, double value,
                const std::string& state = "completed", const std::string& length = "10") {
  return {toy_config({{"model.name", model, ""},
                      {"train.seed", std::to_string(seed), ""},
                      {"task.length", length, ""}}),
          state, value};
}

std::string notes(const Comparison& comparison) {
  std::string text;
  for (const std::string& note : comparison.notes) text += note + "\n";
  return text;
}

}  // namespace

TEST_CASE("one row per setting of the keys, in the order of the runs") {
  const Comparison c = compare({run("gru", 0, 0.25), run("lstm", 0, 3), run("gru", 1, 0.5),
                                run("lstm", 1, 5), run("gru", 2, 1.75)},
                               {"model.name", "task.length"}, "test/mse");
  REQUIRE(c.groups.size() == 2);
  const ComparedGroup& gru = c.groups[0];
  CHECK(gru.keys == std::vector<std::string>{"gru", "10"});
  CHECK(gru.n == 3);
  CHECK(gru.seeds == std::vector<std::string>{"0", "1", "2"});
  CHECK(gru.mean == Approx(2.5 / 3));
  CHECK(gru.median == 0.5);
  CHECK(gru.min == 0.25);
  CHECK(gru.max == 1.75);
  CHECK(gru.ci.low == Approx(-1.163013044527696).epsilon(1e-10));
  CHECK(gru.ci.high == Approx(2.8296797111943626).epsilon(1e-10));
  CHECK_FALSE(gru.difference);
  CHECK(gru.iqm == gru.mean);  // of three nothing is cut
  CHECK(gru.iqm_ci.low == bootstrap(Reduce::iqm, {0.25, 0.5, 1.75}).low);
  CHECK_FALSE(gru.success);
  CHECK(c.criterion.empty());
  CHECK(c.ci_kind == "Student t 95 %");
}

TEST_CASE("the difference is from seed to seed, over the seeds that both have") {
  // Between the groups everything varies, within a pair the difference is 1 or 2.
  const Comparison c =
      compare({run("lstm", 0, 5), run("lstm", 1, 50), run("lstm", 2, 500), run("lstm", 3, 7),
               run("gru", 2, 501), run("gru", 0, 7), run("gru", 9, 1), run("gru", 3, NAN)},
              {"model.name"}, "test/mse");
  const auto& difference = c.groups.at(1).difference;
  REQUIRE(difference);
  CHECK(difference->pairs == 2);
  CHECK(difference->mean == 1.5);
  // Student's for {1, 2}.
  CHECK(difference->ci.low == Approx(-4.853102368087345).epsilon(1e-10));
  CHECK(difference->ci.high == Approx(7.853102368087345).epsilon(1e-10));
}

TEST_CASE("what has not ended is pending, what ended without a result a failure") {
  const Comparison c =
      compare({run("gru", 0, 1), run("gru", 1, NAN, "running"), run("gru", 2, NAN, "pending"),
               run("gru", 3, NAN, "lost"), run("gru", 4, NAN, "interrupted"),
               run("gru", 5, NAN, "failed"), run("gru", 6, NAN, "diverged")},
              {"model.name"}, "test/mse");
  const ComparedGroup& group = c.groups.at(0);
  CHECK(group.n == 1);
  CHECK(group.pending == 4);
  CHECK(group.diverged == 1);
  CHECK(group.failed == 1);
  CHECK(group.failures() == 2);
  CHECK(std::isnan(group.ci.low));
  CHECK_THAT(notes(c), Contains("4 runs pending") && Contains("1 run diverged") &&
                           Contains("1 run failed") && Contains("n = 1 cannot tell"));
}

TEST_CASE("a comparison before the first result has rows and no numbers") {
  const Comparison c =
      compare({run("gru", 0, NAN, "pending"), run("lstm", 0, NAN, "running")}, {"model.name"}, "x");
  REQUIRE(c.groups.size() == 2);
  CHECK(c.groups[0].n == 0);
  CHECK(std::isnan(c.groups[0].mean));
  CHECK(std::isnan(c.groups[0].median));
  CHECK(c.groups[1].difference->pairs == 0);
  CHECK(std::isnan(c.groups[1].difference->mean));
}

TEST_CASE("a target never reached leaves the median and takes the mean") {
  const Comparison c = compare({run("gru", 0, 100), run("gru", 1, INFINITY), run("gru", 2, 300),
                                run("lstm", 0, 50), run("lstm", 1, INFINITY), run("lstm", 2, 60)},
                               {"model.name"}, "steps_to_target");
  CHECK(c.groups.at(0).median == 300);
  CHECK(c.groups[0].mean == INFINITY);
  CHECK(c.groups[0].infinite == 1);
  CHECK(std::isnan(c.groups[0].ci.low));
  CHECK(c.groups[1].difference->pairs == 3);
  CHECK(std::isnan(c.groups[1].difference->mean));
  CHECK_THAT(notes(c), Contains("2 runs with an infinite value"));
}

TEST_CASE("what stopped early is censored, what diverged or failed never gets there") {
  const auto timed = [](int seed, double step, bool reached, const std::string& state) {
    ComparedRun result = run("gru", seed, reached ? step : INFINITY, state);
    result.passage = Passage{step, reached};
    result.criterion = state == "failed" ? "" : "valid/mse <= 0.01";
    return result;
  };
  const Comparison c = compare(
      {timed(0, 100, true, "completed"), timed(1, 200, false, "completed"),
       timed(2, 300, true, "completed"), timed(3, INFINITY, false, "diverged"),
       timed(4, INFINITY, false, "failed"), run("gru", 5, NAN, "running"), run("lstm", 0, 5)},
      {"model.name"}, "steps_to_target");
  CHECK(c.criterion == "valid/mse <= 0.01");
  const ComparedGroup& group = c.groups.at(0);
  REQUIRE(group.success);
  CHECK(group.success->reached == 2);
  CHECK(group.success->runs == 5);
  CHECK(group.success->rate() == 0.4);
  CHECK(group.success->ci.low == wilson(2, 5).low);
  REQUIRE(group.time_to_target);
  const auto& time = *group.time_to_target;
  REQUIRE(time.curve.size() == 2);
  CHECK(time.curve[0].at_risk == 5);
  CHECK(time.curve[1].at_risk == 3);  // not the one that stopped at 200
  CHECK(time.curve[1].share == Approx(1 - 0.8 * 2 / 3));
  CHECK(time.quartiles[0] == 300);
  CHECK(time.quartiles[1] == INFINITY);
  CHECK(time.seen == 300);
  CHECK_FALSE(c.groups.at(1).success);
  CHECK_FALSE(c.groups[1].time_to_target);
  CHECK_THAT(notes(c), Contains("1 run diverged: never reached it") &&
                           Contains("1 run failed: never reached it") && Contains("1 run pending"));
}

TEST_CASE("runs with different targets succeed by their own") {
  std::vector<ComparedRun> runs{run("gru", 0, 1), run("gru", 1, 2)};
  runs[0].passage = Passage{5, true};
  runs[0].criterion = "valid/mse <= 0.01";
  runs[1].passage = Passage{7, false};
  runs[1].criterion = "valid/mse <= 0.02";
  const Comparison c = compare(runs, {"model.name"}, "test/mse");
  CHECK(c.criterion == "its run's target");
  CHECK(c.groups.at(0).success->reached == 1);
  CHECK_FALSE(c.groups[0].time_to_target);
}

TEST_CASE("differences are to the row that is asked for") {
  const std::vector<ComparedRun> runs{run("lstm", 0, 1), run("lstm", 0, 2, "completed", "20"),
                                      run("gru", 0, 10), run("gru", 0, 20, "completed", "20")};
  const std::vector<std::string> by{"model.name", "task.length"};
  const Comparison c = compare(runs, by, "x", "model.name=gru,task.length=20");
  CHECK(c.against == 3);
  CHECK(c.name(c.groups.at(3)) == "model.name=gru,task.length=20");
  CHECK_FALSE(c.groups[3].difference);
  CHECK(c.groups[0].difference->mean == -19);
  CHECK(compare(runs, by, "x").against == 0);
  const auto error = [&](const std::string& against) {
    return error_of([&] { compare(runs, by, "x", against); });
  };
  CHECK_THAT(error("model.name=gru"),
             Contains("2: model.name=gru is more than one row (--against)"));
  CHECK_THAT(error("model.name=gru task.length=30"), Contains("2: no row is"));
  CHECK_THAT(error("model.name"), Contains("KEY=VALUE"));
  CHECK_THAT(error("task.length=nine"), Contains("2: "));
}

TEST_CASE("what is too few to tell is said, and how many it would take") {
  std::vector<ComparedRun> runs;
  const double spread[] = {1, -2, 0.5, 3, 1};
  for (int seed = 0; seed < 5; ++seed) {
    runs.push_back(run("lstm", seed, 10));
    runs.push_back(run("gru", seed, 10 + spread[seed]));
  }
  const Comparison unsure = compare(runs, {"model.name"}, "x");
  CHECK(unsure.groups.at(1).difference->cannot_tell());
  CHECK(unsure.groups[1].difference->pairs_needed == 52);
  CHECK_THAT(notes(unsure), Contains("cannot tell apart from model.name=lstm: model.name=gru "
                                     "(n = 5, about 52 pairs needed)"));
  for (ComparedRun& run : runs)
    if (run.config.value("model.name") == "gru") run.value += 100;
  const Comparison sure = compare(runs, {"model.name"}, "x");
  CHECK_FALSE(sure.groups.at(1).difference->cannot_tell());
  CHECK(sure.notes.empty());
  runs.resize(4);
  CHECK_THAT(notes(compare(runs, {"model.name"}, "x")),
             Contains("2 rows of fewer than 5 runs: a median or an IQM"));
  runs.resize(2);
  const Comparison one_pair = compare(runs, {"model.name"}, "x");
  CHECK(one_pair.groups.at(1).difference->cannot_tell());
  CHECK_THAT(notes(one_pair), !Contains("pairs needed"));
}

TEST_CASE("the outcome is a rate with Wilson's interval") {
  const Comparison c = compare({run("gru", 0, 1), run("gru", 1, 1), run("gru", 2, 0, "diverged")},
                               {"model.name"}, "outcome");
  const Interval expected = wilson(2, 3);
  CHECK(c.groups.at(0).mean == Approx(2.0 / 3));
  CHECK(c.groups[0].ci.low == expected.low);
  CHECK(c.groups[0].ci.high == expected.high);
  CHECK(c.ci_kind == "Wilson 95 %");
}

TEST_CASE("runs that differ in more than the keys are named, and not paired") {
  const std::vector<ComparedRun> runs{run("gru", 0, 1), run("gru", 0, 2, "completed", "20"),
                                      run("lstm", 0, 3), run("lstm", 0, 4, "completed", "20")};
  const Comparison mixed = compare(runs, {"model.name"}, "x");
  CHECK_FALSE(mixed.groups.at(1).difference);
  CHECK_THAT(notes(mixed), Contains("differ in task.length too: --by model.name,task.length") &&
                               Contains("no paired difference"));
  const Comparison apart = compare(runs, {"model.name", "task.length"}, "x");
  REQUIRE(apart.groups.size() == 4);
  CHECK(apart.groups[3].difference->mean == 3);
  CHECK_THAT(notes(apart), !Contains("differ in"));
}

TEST_CASE("keys are words or between commas, and unknown ones are refused") {
  CHECK(comparison_keys(" model.name, task.length  model.name") ==
        std::vector<std::string>{"model.name", "task.length"});
  CHECK(comparison_keys(" , ").empty());
  CHECK_THAT(error_of([] { compare({run("gru", 0, 1)}, {"model.nam"}, "x"); }),
             Contains("2: unknown key model.nam (--by); did you mean model.name?"));
}
