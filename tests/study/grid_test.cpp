#include "study/grid.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "study/config_file.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;

namespace {

std::vector<std::string> grid(const std::vector<Setting>& settings) {
  std::vector<std::string> points;
  for (const GridPoint& point : expand(toy_registry(), settings)) {
    std::string text;
    for (const auto& [key, value] : point.overrides) {
      text += (text.empty() ? "" : " ") + key.substr(key.find('.') + 1) + "=" + value;
      const std::string& resolved = point.config.value(key);
      CHECK(value.substr(0, value.find('@')) == resolved);
    }
    points.push_back(text);
  }
  return points;
}

}  // namespace

TEST_CASE("a grid is the product of its axes, the seed fastest, whatever their order") {
  const std::vector<std::string> expected{"name=lstm lr=0.1 seed=0", "name=lstm lr=0.1 seed=1",
                                          "name=lstm lr=0.2 seed=0", "name=lstm lr=0.2 seed=1",
                                          "name=gru lr=0.1 seed=0",  "name=gru lr=0.1 seed=1",
                                          "name=gru lr=0.2 seed=0",  "name=gru lr=0.2 seed=1"};
  CHECK(grid({{"train.seed", "0..1", ""},
              {"train.lr", "0.1, 0.2", ""},
              {"model.name", "lstm,gru", ""}}) == expected);
  CHECK(grid({{"model.name", "lstm,gru", ""},
              {"train.seed", "0..1", ""},
              {"train.lr", "0.1, 2e-1", ""}}) == expected);
}

TEST_CASE("no axis is a grid of one, and a later setting replaces an earlier one whole") {
  CHECK(grid({{"train.lr", "0.5", ""}}) == std::vector<std::string>{""});
  CHECK(grid({{"train.seed", "0..9", "a"}, {"train.seed", "3, 4", "b"}}) ==
        std::vector<std::string>{"seed=3", "seed=4"});
}

TEST_CASE("zipped axes move together") {
  CHECK(grid({{"model.hidden", "zip(8, 16)", ""},
              {"train.lr", "zip(0.1, 0.2)", ""},
              {"train.seed", "0,1", ""}}) ==
        std::vector<std::string>{"hidden=8 lr=0.1 seed=0", "hidden=8 lr=0.1 seed=1",
                                 "hidden=16 lr=0.2 seed=0", "hidden=16 lr=0.2 seed=1"});
  CHECK_THAT(error_of([] {
               expand(toy_registry(), {{"model.hidden", "zip(8, 16)", "s.ini:1"},
                                       {"train.lr", "zip(0.1, 0.2, 0.3)", "s.ini:2"}});
             }),
             Contains("train.lr has 3 values but model.hidden, which moves with it, has 2") &&
                 Contains("s.ini:2"));
}

TEST_CASE("drawn axes make a random search, not a product") {
  CHECK(grid({{"train.lr", "log(1e-4, 1e-2, random(6))", ""},
              {"task.noise", "lin(0, 1, random(6))", ""}})
            .size() == 6);
}

TEST_CASE("tasks with their protocols are an axis") {
  const auto points =
      expand(toy_registry(), {{"task.name", "adding, adding@author2020, copy", ""}});
  REQUIRE(points.size() == 3);
  CHECK(points[0].config.task_name() == "adding");
  CHECK(points[1].config.task_name() == "adding@author2020");
  CHECK(points[1].config.value("task.noise") == "2");
  CHECK(points[2].config.task_name() == "copy");
  const auto said_later = expand(toy_registry(),
                                 {{"task.name", "adding, adding@author2020", ""},
                                  {"train.seed", "0, 1", ""},
                                  {"task.protocol", "author2020", ""}},
                                 nullptr, true);
  REQUIRE(said_later.size() == 2);
  CHECK(said_later[0].config.task_name() == "adding@author2020");
}

TEST_CASE("two equal runs, too many runs and unknown keys are refused") {
  CHECK_THAT(error_of([] {
               expand(toy_registry(), {{"train.lr", "0.1, 1e-1", "s.ini:1"}});
             }),
             Contains("two runs of the grid are the same") && Contains("train.lr=0.1"));
  CHECK_THAT(error_of([] {
               expand(toy_registry(), {{"train.seed", "0, 1, 0..2", ""}});
             }),
             Contains("two runs of the grid are the same"));
  CHECK_THAT(
      error_of([] {
        expand(toy_registry(), {{"train.seed", "0..9999", ""}, {"model.hidden", "1..20", ""}});
      }),
      Contains("more than 100000 runs"));
  CHECK_THAT(error_of([] {
               expand(toy_registry(), {{"train.sed", "0..3", "s.ini:9"}});
             }),
             Contains("unknown key train.sed (s.ini:9); did you mean train.seed?"));
}

TEST_CASE("a grid of parts is the parts one after the other") {
  const auto points = expand(toy_registry(), parse_settings("[model]\nhidden = 8\n"
                                                            "[train]\nseed = 0..1\n"
                                                            "[grid.small]\nmodel.layers = 1, 2\n"
                                                            "[grid.wide]\nmodel.hidden = 64\n",
                                                            "study.ini"));
  REQUIRE(points.size() == 6);
  const auto at = [&](std::size_t i, const std::string& key) {
    return points[i].config.value(key);
  };
  CHECK(at(0, "model.hidden") == "8");
  CHECK(at(2, "model.layers") == "2");
  CHECK(at(4, "model.hidden") == "64");
  CHECK(at(5, "train.seed") == "1");
  CHECK_THROWS_AS(expand(toy_registry(), parse_settings("[grid.a]\nmodel.hidden = 8\n"
                                                        "[grid.b]\nmodel.hidden = 8\n",
                                                        "study.ini")),
                  Error);
  CHECK_THROWS_AS(
      expand(toy_registry(), parse_settings("[grid.a]\nmodel.hiden = 8\n", "study.ini")), Error);
}

namespace {

/// Has keys of the toy task's names that may be something else.
class OtherTask final : public Task {
 public:
  struct Options {
    DataOptions data;
    std::int64_t length = -1;
    double reverse = 0;
    std::string kind = "odd";

    void describe(OptionVisitor& v) {
      v.visit({.name = "length", .help = "steps", .min = -1, .max = 5000}, length);
      v.visit({.name = "reverse", .help = "how much", .min = 0, .max = 1}, reverse);
      v.visit({.name = "kind", .help = "which", .choices = {"odd", "even"}}, kind);
    }
  };
  explicit OtherTask(const Options&) {}
  Facts facts() const override { return {}; }
  void draw(Key, std::span<const std::uint64_t>, Batch&) const override {}
};

}  // namespace

TEST_CASE("a key that several tasks have is what the grid's own task says") {
  std::vector<TaskEntry> tasks = toy_registry().tasks;
  tasks.push_back(task_entry<OtherTask>("other", "third", "", {}));
  const Registry toy = toy_registry();
  const Registry registry{tasks, toy.models, toy.cells, toy.optimizers, toy.instruments};
  const auto count = [&](const std::string& task, const std::string& key, const char* values) {
    return expand(registry, {{"task.name", task, ""}, {key, values, "s.ini:1"}}).size();
  };
  CHECK(count("other", "task.length", "-1, 5000") == 2);
  CHECK(count("other", "task.reverse", "0, 0.5") == 2);
  CHECK(count("other", "task.kind", "odd, even") == 2);
  CHECK(count("adding", "task.kind", "plain, fancy") == 2);
  for (const auto& [key, values] : {std::pair{"task.length", "10, 5000"},
                                    {"task.reverse", "true, 0.5"},
                                    {"task.kind", "plain, even"}})
    CHECK_THAT(error_of([&] { count("adding", key, values); }), Contains(key) && Contains("s.ini"));
}
