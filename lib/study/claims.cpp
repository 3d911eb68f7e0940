#include "study/claims.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/theory.hpp"

namespace rnnlab {
namespace {

const std::vector<std::string> claim_keys{"select", "against", "statistic", "theory",    "by",
                                          "metric", "reduce",  "expect",    "published", "source"};

[[noreturn]] void refuse(const Setting& setting, const std::string& why, const std::string& next) {
  throw Error(Exit::usage, setting.key + " = " + shown(setting.value) + " " + why, setting.where,
              next);
}

template <class Value>
Value chosen(const Setting& setting, const std::vector<std::pair<std::string, Value>>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (setting.value == name) return value;
    names.push_back(name);
  }
  refuse(setting, "is not known", "choose one of " + join(names, ", "));
}

void set_metric(Claim& claim, const Setting& setting) {
  const std::size_t bar = setting.value.find_first_of("<>=");
  claim.metric = std::string(trim(std::string_view(setting.value).substr(0, bar)));
  if (claim.metric.empty()) refuse(setting, "names no metric", "write test/mse");
  if (bar == std::string::npos) return;
  claim.bar = setting.value.substr(bar, 1);
  claim.bar_value = std::string(trim(std::string_view(setting.value).substr(bar + 1)));
  if ((claim.bar == "=") != (claim.metric == "outcome") ||
      (claim.bar != "=" && !parse_double(claim.bar_value)))
    refuse(setting, "is not a metric with a bar", "write test/mse < 0.01 or outcome = diverged");
}

void set(Claim& claim, const std::string& key, const Setting& setting) {
  using S = Claim::Statistic;
  if (key == "select") claim.select = parse_conditions(setting);
  if (key == "against") claim.against = parse_conditions(setting);
  if (key == "statistic")
    claim.statistic = chosen<S>(setting, {{"value", S::value},
                                          {"difference", S::difference},
                                          {"ratio", S::ratio},
                                          {"count", S::count},
                                          {"abs_error", S::abs_error},
                                          {"spearman", S::spearman}});
  if (key == "theory") {
    const auto& names = theory_names();
    if (std::find(names.begin(), names.end(), setting.value) == names.end())
      refuse(setting, "is not known", "choose one of " + join(names, ", "));
    claim.theory = setting.value;
  }
  if (key == "by") claim.by = setting.value;
  if (key == "metric") set_metric(claim, setting);
  if (key == "reduce")
    claim.reduce = chosen<Reduce>(setting, {{"median", Reduce::median},
                                            {"mean", Reduce::mean},
                                            {"min", Reduce::min},
                                            {"max", Reduce::max}});
  if (key == "expect") claim.expect = parse_expectation(setting);
  if (key == "published") claim.published = setting.value;
  if (key == "source") claim.source = setting.value;
}

void check(const Claim& claim) {
  using S = Claim::Statistic;
  const auto want = [&](bool good, const std::string& what, const std::string& next) {
    if (!good) throw Error(Exit::usage, "claim " + claim.name + " " + what, claim.where, next);
  };
  const bool compares = claim.statistic == S::difference || claim.statistic == S::ratio;
  const bool counts = claim.statistic == S::count;
  want(!claim.metric.empty(), "has no metric", "add metric = test/mse");
  want(!claim.expect.text.empty(), "has no expect", "add expect = < 0.01");
  want(compares == !claim.against.empty(), compares ? "has no against" : "has an against",
       "against goes with statistic = difference or ratio");
  want((claim.statistic == S::abs_error) == !claim.theory.empty(),
       claim.theory.empty() ? "has no theory" : "has a theory",
       "theory goes with statistic = abs_error");
  const bool correlates = claim.statistic == S::spearman;
  want(!correlates || !claim.by.empty(), "has no by", "add by = task.length");
  want(correlates ? !claim.expect.of_trends()
                  : claim.expect.of_trends() == !claim.by.empty() &&
                        (claim.by.empty() || claim.statistic == S::value),
       claim.expect.of_trends() ? "expects a trend" : "has a by",
       "by = KEY goes with expect = increasing or decreasing and statistic = value, or with "
       "statistic = spearman and a bar");
  want(counts || !claim.expect.of_counts(), "expects a count", "add statistic = count");
  want(counts || claim.bar.empty(), "has a metric with a bar", "add statistic = count");
  want(counts || claim.metric != "outcome", "takes the outcome as a number",
       "add statistic = count");
  want(!counts || !claim.bar.empty() || claim.metric == "outcome" ||
           claim.metric == "steps_to_target",
       "counts without a bar", "write metric = " + claim.metric + " < 0.01");
}

/// The claim's name and the key within it; empty if the setting belongs to no claim.
std::pair<std::string, std::string> claim_key(const Setting& setting) {
  if (!setting.key.starts_with("claim.")) return {};
  const std::size_t dot = setting.key.rfind('.');
  if (dot <= 6)
    throw Error(Exit::usage, "a claim without a name", setting.where, "write [claim.NAME]");
  return {setting.key.substr(6, dot - 6), setting.key.substr(dot + 1)};
}

}  // namespace

std::vector<Claim::Condition> parse_conditions(const Setting& setting) {
  std::vector<Claim::Condition> result;
  for (const std::string& word : words(setting.value)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      refuse(setting, "is not a list of KEY=VALUE", "write model.name=lstm task.length=100");
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    const std::size_t at = value.find('@');
    result.push_back({key, key == "task.name" ? value.substr(0, at) : value});
    if (key == "task.name" && at != std::string::npos)
      result.push_back({"task.protocol", value.substr(at + 1)});
  }
  return result;
}

std::vector<Claim> parse_claims(const std::vector<Setting>& settings) {
  std::vector<Claim> claims;
  for (const Setting& setting : settings) {
    const auto [name, key] = claim_key(setting);
    if (name.empty()) continue;
    if (std::find(claim_keys.begin(), claim_keys.end(), key) == claim_keys.end())
      throw Error(Exit::usage, "unknown key " + shown(setting.key), setting.where,
                  "did you mean " + nearest(key, claim_keys) + "?");
    auto claim =
        std::find_if(claims.begin(), claims.end(), [&](const Claim& c) { return c.name == name; });
    if (claim == claims.end()) {
      claims.push_back({.name = name, .where = setting.where});
      claim = claims.end() - 1;
    }
    set(*claim, key, setting);
  }
  for (const Claim& claim : claims) check(claim);
  return claims;
}

std::string claims_hash(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings)
    if (setting.key.starts_with("claim.")) text += setting.key + " = " + setting.value + "\n";
  return sha256(text);
}

}  // namespace rnnlab
