#include "study/config_text.hpp"

#include <catch2/catch.hpp>

#include "toy.hpp"

using namespace rnnlab;

TEST_CASE("a configuration is another one with some values changed") {
  const std::string a = toy_config({{"train.seed", "1", ""}}).full_text();
  const std::string b =
      toy_config({{"train.seed", "2", ""}, {"record.instruments", "", ""}}).full_text();
  const ConfigText base(a), other(b);
  REQUIRE(base.has_keys_of(other));
  const Settings changes = base.changes_to(other);
  CHECK(changes == Settings{{"train.seed", "2"}, {"record.instruments", ""}});
  CHECK(base.with(changes) == b);
  CHECK(base.with({}) == a);
  CHECK_FALSE(base.with({{"train.sed", "2"}}));

  CHECK_FALSE(base.has_keys_of(ConfigText("[train]\nseed = 1\n")));
}

TEST_CASE("values may hold what separates others") {
  const std::string text = "[task]\npath = /a = b/[c]\nname =\n\n[run]\nthreads = 1\n";
  CHECK(ConfigText(text).with({}) == text);
  CHECK(ConfigText(text).with({{"task.path", "x"}, {"run.threads", "2"}}) ==
        "[task]\npath = x\nname =\n\n[run]\nthreads = 2\n");
}
