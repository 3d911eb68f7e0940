#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "study/freeze.hpp"
#include "tasks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

double seconds_of(const std::function<void()>& action) {
  const auto begun = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace

// Each takes a fifth of a second on a machine of 2026, under sanitizers beside other work a hundred
// times that; what is not linear in the runs takes many minutes there.
TEST_CASE("a sweep of ten thousand runs is frozen, and its status told, at once") {
  constexpr double patience = 60;
  const Workplace here;
  const Registry registry = make_registry(task_list());
  const double freezing = seconds_of([&] {
    const auto points = expand(registry, {{"model.name", "lstm, gru", ""},
                                          {"model.hidden", "1..50", ""},
                                          {"train.seed", "0..99", ""}});
    CHECK(freeze(here.path("s"), make_manifest(points), false).runs.size() == 10000);
  });
  CHECK(freezing < patience);
  Ended status;
  CHECK(seconds_of([&] { status = here.call("status s --format json"); }) < patience);
  CHECK(status.code == 0);
  const auto json = nlohmann::json::parse(status.out);
  CHECK(json["runs"].size() == 10000);
  CHECK(json["counts"]["pending"] == 10000);
  CHECK(seconds_of([&] { status = here.call("status s"); }) < patience);
  CHECK(status.code == 0);
}
