#include "study/comparison_report.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace rnnlab;
using Catch::Contains;

namespace {

/// Of `lstm` every number, of `a,b` none but the difference.
Comparison sample(const std::string& metric = "test/mse") {
  Comparison c{metric, "Student t 95 %", {"model.name"}, {}, {"1 run diverged"}};
  c.criterion = "valid/mse <= 0.01";
  ComparedGroup first{.keys = {"lstm"}, .seeds = {"0", "1"}, .n = 2, .mean = 0.1, .ci = {-1, 1.2}};
  first.median = first.min = 0.05;
  first.iqm = 0.125;
  first.iqm_ci = {0.0625, 0.25};
  first.max = 0.15;
  first.success = ComparedGroup::Success{1, 2, {0.125, 0.875}};
  if (metric == "steps_to_target")
    first.time_to_target = ComparedGroup::TimeToTarget{
        {{300, 2, 1, 0.5, 0.25, {0.125, 0.875}}}, {300, 300, INFINITY}, {300, INFINITY}, 900};
  ComparedGroup second{.keys = {"a,b"}, .seeds = {}, .n = 0, .mean = NAN, .ci = {NAN, NAN}};
  second.median = second.iqm = second.min = second.max = NAN;
  second.iqm_ci = {NAN, NAN};
  second.diverged = 1;
  second.pending = 2;
  second.difference = ComparedGroup::Difference{0.5, {-0.25, 0.75}, 2, 40};
  c.groups = {first, second};
  return c;
}

nlohmann::json json_of(const Comparison& comparison) {
  return nlohmann::json::parse(comparison_json(comparison));
}

}  // namespace

TEST_CASE("a comparison as two tables says its intervals' kinds, and its notes") {
  const std::string text = comparison_table(sample());
  CHECK_THAT(text, Contains("test/mse; CI of the mean: Student t 95 %; of the IQM") &&
                       Contains("lstm        2  0.1   [-1, 1.2]  0.05    0.125  [0.0625, 0.25]  "
                                "0.05  0.15  0         0\n") &&
                       Contains("success: valid/mse <= 0.01, not if diverged or failed") &&
                       Contains("difference: to model.name=lstm, paired by seed") &&
                       Contains("lstm        1/2      [0.125, 0.875]  -") &&
                       Contains("a,b         -        -               0.5         [-0.25, 0.75]  "
                                "2\n") &&
                       Contains("\n1 run diverged\n"));
  CHECK_THAT(text, !Contains("nan") && !Contains("Kaplan"));
}

TEST_CASE("a table of steps to the target has the quartiles, as far as they were seen") {
  const std::string text = comparison_table(sample("steps_to_target"));
  CHECK_THAT(text,
             Contains("Kaplan–Meier") &&
                 Contains("success  95 % CI         25 % by  50 % by  95 % CI       75 % by") &&
                 Contains("1/2      [0.125, 0.875]  300      300      [300, > 900]  > 900"));
}

TEST_CASE("a table of one row without a target has one part") {
  Comparison c = sample();
  c.criterion.clear();
  c.groups.pop_back();
  c.groups[0].success.reset();
  CHECK_THAT(comparison_table(c), !Contains("success") && !Contains("difference"));
}

TEST_CASE("a comparison as comma-separated values") {
  const std::string heading =
      "model.name,n,mean,ci_low,ci_high,median,iqm,iqm_low,iqm_high,min,max,failures,diverged,"
      "failed,pending,successes,success_runs,success_rate,success_low,success_high,difference,"
      "difference_low,difference_high,pairs,pairs_needed,reached_25,reached_50,reached_50_low,"
      "reached_50_high,reached_75,metric,ci_kind,criterion\n";
  CHECK(comparison_csv(sample()) ==
        heading +
            "lstm,2,0.1,-1,1.2,0.05,0.125,0.0625,0.25,0.05,0.15,0,0,0,0,1,2,0.5,0.125,0.875,,,,,,"
            ",,,,,test/mse,Student t 95 %,valid/mse <= 0.01\n"
            "\"a,b\",0,,,,,,,,,,1,1,0,2,,,,,,0.5,-0.25,0.75,2,40,,,,,,test/mse,Student t 95 %,"
            "valid/mse <= 0.01\n");
  CHECK_THAT(comparison_csv(sample("steps_to_target")),
             Contains(",300,300,300,inf,inf,steps_to_target,"));
}

TEST_CASE("a comparison as JSON") {
  const auto json = json_of(sample());
  CHECK(json.at("metric") == "test/mse");
  CHECK(json.at("ci_kind") == "Student t 95 %");
  CHECK(json.at("iqm_ci_kind") == "bootstrap 95 %");
  CHECK(json.at("criterion") == "valid/mse <= 0.01");
  CHECK(json.at("by") == std::vector<std::string>{"model.name"});
  CHECK(json.at("against").at("model.name") == "lstm");
  REQUIRE(json.at("rows").size() == 2);
  const auto& first = json["rows"][0];
  CHECK(first.at("group").at("model.name") == "lstm");
  CHECK(first.at("n") == 2);
  CHECK(first.at("seeds") == std::vector<std::string>{"0", "1"});
  CHECK(first.at("ci") == std::vector<double>{-1, 1.2});
  CHECK(first.at("iqm") == 0.125);
  CHECK(first.at("iqm_ci") == std::vector<double>{0.0625, 0.25});
  CHECK(first.at("success").at("reached") == 1);
  CHECK(first.at("success").at("rate") == 0.5);
  CHECK(first.at("difference").is_null());
  CHECK(first.at("time_to_target").is_null());
  const auto& second = json["rows"][1];
  CHECK(second.at("mean").is_null());
  CHECK(second.at("ci").at(0).is_null());
  CHECK(second.at("failures") == 1);
  CHECK(second.at("pending") == 2);
  CHECK(second.at("success").is_null());
  CHECK(second.at("difference").at("pairs") == 2);
  CHECK(second.at("difference").at("ci") == std::vector<double>{-0.25, 0.75});
  CHECK(second.at("difference").at("pairs_needed") == 40);
  CHECK(second.at("difference").at("cannot_tell") == true);
  CHECK(json.at("notes").at(0) == "1 run diverged");
}

TEST_CASE("JSON of steps to the target has the whole curve") {
  const auto json = json_of(sample("steps_to_target"));
  const auto& time = json.at("rows").at(0).at("time_to_target");
  CHECK(time.at("quartiles").at(0) == 300);
  CHECK(time.at("quartiles").at(2).is_null());
  CHECK(time.at("seen") == 900);
  REQUIRE(time.at("curve").size() == 1);
  const auto& point = time["curve"][0];
  CHECK(point.at("step") == 300);
  CHECK(point.at("at_risk") == 2);
  CHECK(point.at("reached") == 1);
  CHECK(point.at("share") == 0.5);
  CHECK(point.at("low") == 0.125);
  CHECK(point.at("high") == 0.875);
}
