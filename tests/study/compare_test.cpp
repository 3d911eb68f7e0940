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
  CHECK(c.ci_kind == "Student t 95 %");
  CHECK(c.notes.empty());
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
