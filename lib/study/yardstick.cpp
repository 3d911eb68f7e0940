#include "study/yardstick.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "study/plateaus.hpp"
#include "study/reference.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string Yardstick::text() const {
  Json levels = Json::array();
  for (const Plateau& plateau : plateaus)
    levels.push_back({{"name", plateau.name}, {"loss", plateau.loss}});
  return Json{{"metric", metric},           {"lower_is_better", lower_is_better},
              {"solved", solved},           {"plateaus", levels},
              {"valid_share", valid_share}, {"test_share", test_share},
              {"reference", reference},     {"own_metrics", own_metrics}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Yardstick yardstick_of(const Config& config, const Task& task) {
  const Facts facts = task.facts();
  const auto share = [&](Stream split, std::int64_t asked_for) {
    const std::int64_t own = task.examples(split);
    return plateau_share(
        facts, (own > 0 ? own : asked_for) * (facts.readout == Readout::every ? facts.length : 1));
  };
  Yardstick yardstick{.metric = facts.metric_name(),
                      .lower_is_better = facts.lower_is_better(),
                      .solved = facts.solved,
                      .valid_share = share(Stream::valid, config.data().valid_examples),
                      .test_share = share(Stream::test, config.data().test_examples),
                      .reference = reference_text(task)};
  // A sum over steps is no mean per target, which is what a plateau is.
  if (config.train().reduction != "sum" || facts.readout == Readout::last)
    yardstick.plateaus = task.plateaus();
  for (const TestMetric& own : task.test_metrics()) yardstick.own_metrics.emplace_back(own.name);
  return yardstick;
}

Yardstick parse_yardstick(const std::string& text, const std::string& where) try {
  const Json json = Json::parse(text);
  Yardstick yardstick{.metric = json.at("metric"),
                      .lower_is_better = json.at("lower_is_better"),
                      .solved = json.at("solved"),
                      .valid_share = json.at("valid_share"),
                      .test_share = json.at("test_share"),
                      .reference = json.at("reference"),
                      .own_metrics = json.at("own_metrics")};
  for (const Json& level : json.at("plateaus"))
    yardstick.plateaus.push_back({level.at("name"), level.at("loss")});
  return yardstick;
} catch (const Json::exception&) {
  throw Error(Exit::data, "what the run is measured by is damaged", where, "train again");
}

}  // namespace rnnlab
