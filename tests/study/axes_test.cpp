#include "study/axes.hpp"

#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

SweepAxis axis(const std::string& key, const std::string& value) {
  const Registry registry = toy_registry();
  const Schema schema(registry, registry.tasks.front());
  const Setting setting{key, value, "s.ini:4"};
  return parse_axis(schema.at(setting), setting);
}

std::string values(const std::string& key, const std::string& value) {
  return join(axis(key, value).values, "|");
}

std::string refused(const std::string& key, const std::string& value) {
  return error_of([&] { axis(key, value); });
}

}  // namespace

TEST_CASE("commas outside parentheses make an axis") {
  CHECK(values("model.hidden", "32") == "32");
  CHECK(values("model.hidden", "32, 64,128") == "32|64|128");
  CHECK(values("model.name", "lstm, gru") == "lstm|gru");
  CHECK(values("train.lr", "1e-3, 0.01") == "0.001|0.01");
  CHECK(values("task.kind", "a\\, b, c") == "a, b|c");
  CHECK(values("task.kind", "f(x, y), g") == "f(x, y)|g");
  CHECK(values("task.kind", "a\\(1, \\), zip\\(b\\)") == "a(1|)|zip(b)");
  CHECK_THAT(refused("task.kind", "a(1"), Contains("\\( is a character"));
  CHECK(values("record.instruments", "gradient-flow parameter-norms, gradient-flow") ==
        "gradient-flow parameter-norms|gradient-flow");
  CHECK(values("record.instruments", "") == "");
}

TEST_CASE("ranges of integers include both ends") {
  CHECK(values("train.seed", "0..4") == "0|1|2|3|4");
  CHECK(values("train.seed", "3 .. 3, 7") == "3|7");
  CHECK_THAT(refused("train.seed", "4..0"), Contains("two integers in order"));
  CHECK_THAT(refused("train.seed", "0..x"), Contains("two integers in order"));
  CHECK_THAT(refused("train.seed", "0..900000000"), Contains("too long"));
  CHECK_THAT(refused("task.length", "1..2000"), Contains("out of range"));
  CHECK_THAT(refused("train.lr", "0..4"), Contains("is not a number"));
}

TEST_CASE("log and lin are evenly spaced and hit both ends") {
  CHECK(values("train.lr", "log(1e-4, 1e-2, 5)") ==
        "1e-04|0.000316227766017|0.001|0.00316227766017|0.01");
  CHECK(values("train.lr", "lin(0, 1, 5)") == "0|0.25|0.5|0.75|1");
  CHECK(values("model.hidden", "log(16, 256, 5)") == "16|32|64|128|256");
  CHECK(values("task.noise", "7, lin(1, 2, 3)") == "7|1|1.5|2");
  CHECK_THAT(refused("train.lr", "log(0, 1, 3)"), Contains("two positive numbers"));
  CHECK_THAT(refused("train.lr", "log(1, 2)"), Contains("three arguments"));
  CHECK_THAT(refused("train.lr", "log(1, 2, 0)"), Contains("integer >= 1"));
  CHECK_THAT(refused("train.lr", "lin(1, 2, 1)"), Contains("has no two ends"));
  CHECK_THAT(refused("train.lr", "lin(nan, 2, 3)"), Contains("two finite numbers"));
  CHECK_THAT(refused("task.noise", "lin(0, 20, 3)"), Contains("out of range"));
  CHECK_THAT(refused("train.lr", "log()"), Contains("log() is empty"));
}

TEST_CASE("drawn axes lie in their range, are fixed, and differ between keys") {
  const SweepAxis lr = axis("train.lr", "log(1e-4, 1e-2, random(20))");
  CHECK(lr.moves == SweepAxis::Moves::drawn);
  REQUIRE(lr.values.size() == 20);
  int below_middle = 0;
  for (const std::string& value : lr.values) {
    const double x = parse_double(value).value();
    CHECK((x >= 1e-4 && x <= 1e-2));
    below_middle += x < 1e-3;
  }
  CHECK((below_middle > 3 && below_middle < 17));
  CHECK(lr.values == axis("train.lr", "log(1e-4, 1e-2, random(20))").values);
  CHECK(lr.values != axis("train.momentum", "log(1e-4, 1e-2, random(20))").values);
}

TEST_CASE("zip holds any values and stands alone") {
  const SweepAxis zipped = axis("model.hidden", "zip(32, 64..66)");
  CHECK(zipped.moves == SweepAxis::Moves::zipped);
  CHECK(zipped.values == std::vector<std::string>{"32", "64", "65", "66"});
  CHECK_THAT(refused("model.hidden", "zip(1, 2), 3"), Contains("stand alone"));
  CHECK_THAT(refused("train.lr", "zip(log(1e-3, 1, random(3)))"), Contains("stand alone"));
}

TEST_CASE("what is no axis is refused with its place") {
  CHECK(
      refused("model.hidden", "32,,64") ==
      "2: model.hidden = 32,,64: there is an empty value between commas (s.ini:4); see the axes in "
      "rnnlab sweep --help");
  CHECK_THAT(refused("model.hidden", "32, "), Contains("empty value"));
  CHECK_THAT(refused("train.lr", "log(1, 2, 3"), Contains("a ( without its )"));
  CHECK_THAT(refused("train.lr", "1), 2"), Contains("a ) without its ("));
  CHECK_THAT(refused("model.hidden", "32, x"), Contains("is not an integer"));
}
