#include "study/comparison_report.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace rnnlab;
using Catch::Contains;

namespace {

Comparison sample() {
  Comparison c{"test/mse", "Student t 95 %", {"model.name"}, {}, {"1 run diverged"}};
  ComparedGroup first{.keys = {"lstm"}, .seeds = {"0", "1"}, .n = 2, .mean = 0.1, .ci = {-1, 1.2}};
  first.median = first.min = 0.05;
  first.max = 0.15;
  ComparedGroup second{.keys = {"a,b"}, .seeds = {}, .n = 0, .mean = NAN, .ci = {NAN, NAN}};
  second.median = second.min = second.max = NAN;
  second.diverged = 1;
  second.pending = 2;
  second.difference = ComparedGroup::Difference{0.5, {0.25, 0.75}, 2};
  c.groups = {first, second};
  return c;
}

}  // namespace

TEST_CASE("a comparison as a table says its intervals' kind, and its notes") {
  const std::string text = comparison_table(sample());
  CHECK_THAT(text, Contains("test/mse; CI of the mean: Student t 95 %") &&
                       Contains("lstm        2  0.1   [-1, 1.2]  0.05    0.05  0.15  0") &&
                       Contains("0.5          [0.25, 0.75]  2") && Contains("\n1 run diverged\n"));
  CHECK_THAT(text, !Contains("nan"));
}

TEST_CASE("a comparison as comma-separated values") {
  CHECK(comparison_csv(sample()) ==
        "model.name,n,mean,ci_low,ci_high,median,min,max,failures,diverged,failed,pending,"
        "difference,difference_low,difference_high,pairs,metric,ci_kind\n"
        "lstm,2,0.1,-1,1.2,0.05,0.05,0.15,0,0,0,0,,,,,test/mse,Student t 95 %\n"
        "\"a,b\",0,,,,,,,1,1,0,2,0.5,0.25,0.75,2,test/mse,Student t 95 %\n");
}

TEST_CASE("a comparison as JSON") {
  const auto json = nlohmann::json::parse(comparison_json(sample()));
  CHECK(json.at("metric") == "test/mse");
  CHECK(json.at("ci_kind") == "Student t 95 %");
  CHECK(json.at("by") == std::vector<std::string>{"model.name"});
  REQUIRE(json.at("rows").size() == 2);
  const auto& first = json["rows"][0];
  CHECK(first.at("group").at("model.name") == "lstm");
  CHECK(first.at("n") == 2);
  CHECK(first.at("seeds") == std::vector<std::string>{"0", "1"});
  CHECK(first.at("ci") == std::vector<double>{-1, 1.2});
  CHECK(first.at("difference").is_null());
  const auto& second = json["rows"][1];
  CHECK(second.at("mean").is_null());
  CHECK(second.at("ci").at(0).is_null());
  CHECK(second.at("failures") == 1);
  CHECK(second.at("pending") == 2);
  CHECK(second.at("difference").at("pairs") == 2);
  CHECK(second.at("difference").at("ci") == std::vector<double>{0.25, 0.75});
  CHECK(json.at("notes").at(0) == "1 run diverged");
}
