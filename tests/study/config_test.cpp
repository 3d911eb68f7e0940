#include "study/config.hpp"

#include <catch2/catch.hpp>

#include "nn/models/models.hpp"
#include "study/config_file.hpp"
#include "tasks.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;
using Catch::Equals;

namespace {

Setting cli(const std::string& key, const std::string& value) {
  return {key, value, "command line"};
}

std::string where(const Config& config, const std::string& key) {
  for (const auto& entry : config.entries())
    if (entry.spec.key == key) return entry.where;
  return "no such key";
}

}  // namespace

TEST_CASE("the layers of a configuration: the later wins, and says where it came from") {
  const Config bare = toy_config({});
  CHECK(bare.value("task.name") == "adding");
  CHECK(bare.value("model.name") == "lstm");
  CHECK(bare.value("model.hidden") == "128");
  CHECK(where(bare, "model.hidden") == "default");
  CHECK(bare.value("model.forget_bias") == "1");
  CHECK(where(bare, "model.forget_bias") == "preset lstm");

  const Config gru = toy_config({cli("model.name", "gru")});
  CHECK(gru.value("model.hidden") == "64");
  CHECK(where(gru, "model.hidden") == "preset gru");

  const Config published =
      toy_config({cli("model.name", "gru"), cli("task.name", "adding@author2020")});
  CHECK(published.value("task.name") == "adding");
  CHECK(published.value("task.protocol") == "author2020");
  CHECK(published.task_name() == "adding@author2020");
  CHECK(published.protocol()->deviates.front() == "it is a toy");
  CHECK(published.value("model.hidden") == "77");
  CHECK(where(published, "model.hidden") == "protocol author2020");
  CHECK(published.value("train.lr") == "0.25");
  CHECK(where(published, "train.lr") == "protocol author2020 for gru");
  CHECK(toy_config({cli("task.protocol", "author2020")}).value("train.lr") == "0.001");

  const Config later = toy_config({{"model.hidden", "5", "a.ini:2"},
                                   {"model.hidden", "6", "b.ini:9"},
                                   {"train.lr", "0.5", "b.ini:10"},
                                   cli("train.lr", "0.75")});
  CHECK(later.value("model.hidden") == "6");
  CHECK(where(later, "model.hidden") == "b.ini:9");
  CHECK(later.value("train.lr") == "0.75");
  CHECK(where(later, "train.lr") == "command line");
}

TEST_CASE("a key that was set survives a preset and a protocol that come later") {
  const Config config = toy_config({{"model.hidden", "5", "a.ini:2"},
                                    cli("model.name", "gru"),
                                    cli("task.protocol", "author2020")});
  CHECK(config.value("model.hidden") == "5");
  CHECK(config.value("task.noise") == "2");
}

TEST_CASE("a later bare task name takes back the protocol that came with an earlier one") {
  CHECK(toy_config({cli("task.name", "adding@author2020"), cli("task.name", "adding")})
            .value("task.protocol") == "");
  CHECK(toy_config({cli("task.protocol", "author2020"), cli("task.name", "adding")})
            .value("task.protocol") == "author2020");
}

TEST_CASE("option structs and the task get the resolved values") {
  const Config config =
      toy_config({cli("model.name", "gru"), cli("model.bias", "false"), cli("train.lr", "1e-2"),
                  cli("train.seed", "7"), cli("run.threads", "3"), cli("task.seed", "11"),
                  cli("task.length", "42"), cli("task.reverse", "true"), cli("task.noise", "0.125"),
                  cli("task.kind", "fancy"), cli("task.valid_examples", "17")});
  CHECK(config.model().name == "gru");
  CHECK(config.model().cell == "gru");
  CHECK_FALSE(config.model().bias);
  CHECK(config.train().lr == 0.01);
  CHECK(config.train().seed == 7);
  CHECK(config.run().threads == 3);
  CHECK(config.task_seed() == 11);
  CHECK(config.data().valid_examples == 17);
  const auto task = config.make_task();
  const auto& options = dynamic_cast<const ToyTask&>(*task).options();
  CHECK(options.length == 42);
  CHECK(options.reverse);
  CHECK(options.noise == 0.125);
  CHECK(options.kind == "fancy");
}

TEST_CASE("a run's id depends on the values, not on their order or spelling") {
  const Config a = toy_config({cli("train.lr", "0.001"), cli("model.hidden", "32")});
  const Config b = toy_config({cli("model.hidden", "32"), cli("train.lr", "1e-3")});
  CHECK(a.id() == b.id());
  CHECK(a.hash().size() == 64);
  CHECK_THAT(a.id(), Equals("adding-lstm-" + a.hash().substr(0, 8) + "-s0"));
  CHECK(toy_config({cli("record.instruments", "parameter-norms  gradient-flow")}).id() ==
        toy_config({cli("record.instruments", "gradient-flow parameter-norms")}).id());
  CHECK(toy_config({cli("task.noise", "-0")}).value("task.noise") == "0");

  CHECK(toy_config({cli("model.hidden", "33")}).hash() != toy_config({}).hash());
  CHECK_THAT(toy_config({cli("task.protocol", "author2020"), cli("train.seed", "3")}).id(),
             Catch::StartsWith("adding@author2020-lstm-") && Catch::EndsWith("-s3"));
}

TEST_CASE("what changes no number is not in the id; the seed is in its name only") {
  const std::string hash = toy_config({}).hash();
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"train.seed", "9"},
                                                        {"train.max_seconds", "60"},
                                                        {"run.threads", "2"},
                                                        {"run.dir", "x"},
                                                        {"record.mode", "flush"}})
    CHECK(toy_config({cli(key, value)}).hash() == hash);

  std::vector<std::string> outside;
  const Config real = resolve(make_registry(task_list()), {});
  for (const auto& entry : real.entries())
    if (!entry.spec.identity()) outside.push_back(entry.spec.key);
  CHECK(outside == std::vector<std::string>{"train.seed", "train.max_seconds", "run.threads",
                                            "run.checkpoint_every", "run.dir", "record.mode"});
}

TEST_CASE("the text of a configuration repeats it") {
  const Config config = toy_config({cli("task.name", "adding@author2020"), cli("model.hidden", "9"),
                                    cli("train.seed", "4"), cli("record.instruments", ""),
                                    cli("run.threads", "2"), cli("train.max_seconds", "5")});
  const Config again = toy_config(parse_settings(config.text(), "config.ini"));
  CHECK(again.id() == config.id());
  CHECK(again.text() == config.text());
  CHECK(again.value("run.threads") == "1");
  const Config full = toy_config(parse_settings(config.full_text(), "manifest.json"));
  CHECK(full.id() == config.id());
  CHECK(full.value("run.threads") == "2");
  CHECK(full.value("train.max_seconds") == "5");
}

TEST_CASE("every real preset and protocol resolves") {
  const Registry registry = make_registry(task_list());
  for (const TaskEntry& task : registry.tasks)
    for (const ModelPreset& model : registry.models) {
      CHECK_NOTHROW(
          resolve(registry, {cli("task.name", task.name), cli("model.name", model.name)}));
      for (const Protocol& protocol : task.protocols)
        CHECK_NOTHROW(resolve(registry, {cli("task.name", task.name + "@" + protocol.name),
                                         cli("model.name", model.name)}));
    }
}

TEST_CASE("a wrong value is refused with its key, value, place and range") {
  const auto refused = [](const std::string& key, const std::string& value) {
    return error_of([&] { toy_config({{key, value, "a.ini:3"}}); });
  };
  CHECK(refused("task.length", "0") ==
        "2: task.length = 0 is out of range (a.ini:3); give 1 .. 1000 steps");
  CHECK(refused("task.length", "1001") ==
        "2: task.length = 1001 is out of range (a.ini:3); give 1 .. 1000 steps");
  CHECK(refused("task.length", "ten") ==
        "2: task.length = ten is not an integer (a.ini:3); give 1 .. 1000 steps");
  CHECK_THAT(refused("task.length", "1.5"), Contains("is not an integer"));
  CHECK_THAT(refused("task.length", "10 # units"), Contains("10 # units is not an integer"));
  CHECK_THAT(refused("task.length", "99999999999999999999"), Contains("is not an integer"));
  CHECK_THAT(refused("task.length", ""), Contains("task.length = (empty) is not an integer"));
  CHECK_THAT(refused("task.length", "8, 16"), Contains("several values are for rnnlab sweep"));
  CHECK_THAT(refused("task.length", "1..4"), Contains("several values are for rnnlab sweep"));
  CHECK(refused("task.noise", "x") == "2: task.noise = x is not a number (a.ini:3); give 0 .. 10");
  CHECK(refused("task.noise", "nan") ==
        "2: task.noise = nan is not finite (a.ini:3); give 0 .. 10");
  CHECK_THAT(refused("task.noise", "inf"), Contains("is not finite"));
  CHECK_THAT(refused("task.noise", "-inf"), Contains("is not finite"));
  CHECK_THAT(refused("task.noise", "-0.1"), Contains("is out of range"));
  CHECK_THAT(refused("task.noise", "0,5"), Contains("is not a number"));
  CHECK_THAT(refused("task.noise", "+1"), Contains("is not a number"));
  CHECK_THAT(refused("task.noise", "1e999"), Contains("is not a number"));
  CHECK(refused("task.reverse", "yes") ==
        "2: task.reverse = yes is not a truth value (a.ini:3); give true or false");
  CHECK(
      refused("task.kind", "plan") ==
      "2: task.kind = plan is not known (a.ini:3); did you mean plain? Choose one of plain, fancy");
  CHECK_THAT(refused("model.cell", "lstn"), Contains("did you mean lstm?"));
  CHECK_THAT(refused("model.name", "grru"), Contains("did you mean gru?"));
  CHECK_THAT(refused("task.name", "add"), Contains("did you mean adding?"));
  CHECK_THAT(refused("task.name", "adding@author2021"),
             Contains("task.protocol = author2021 is not known") && Contains("author2020"));
  CHECK_THAT(refused("train.optimizer", "adan"), Contains("one of sgd, adam"));
  CHECK_THAT(refused("record.instruments", "gradient-flow gates"),
             Contains("names gates, which is not known"));
  CHECK_THAT(refused("model.name", "a\nb"), Contains("a\\x0ab") && !Contains("\n"));
}

TEST_CASE("an unknown key is refused with its place and the nearest key") {
  const auto refused = [](const std::string& key) {
    return error_of([&] { toy_config({{key, "1", "a.ini:3"}}); });
  };
  CHECK(refused("model.hiden") ==
        "2: unknown key model.hiden (a.ini:3); did you mean model.hidden?");
  CHECK_THAT(refused("modell.hidden"), Contains("did you mean model.hidden?"));
  CHECK_THAT(refused("train.hidden"), Contains("did you mean model.hidden?"));
  CHECK_THAT(refused("tran.clip_norn"), Contains("did you mean train.clip_norm?"));
}
