#include "study/tune.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/manifest.hpp"
#include "study/run_metrics.hpp"
#include "study/status.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

const std::string* override_of(const GridPoint& point, const std::string& key) {
  for (const auto& [name, value] : point.overrides)
    if (name == key) return &value;
  return nullptr;
}

/// Nothing for a task that has no such key.
std::string value_of(const Config& config, const std::string& key) {
  for (const auto& entry : config.entries())
    if (entry.spec.key == key) return entry.value;
  return "";
}

Settings group_of(const TunePlan& plan, const Config& config) {
  Settings at;
  for (const std::string& key : plan.by) at.emplace_back(key, value_of(config, key));
  return at;
}

Settings tuned_values(const TunePlan& plan, const GridPoint& point) {
  Settings values;
  for (const std::string& key : plan.keys) values.emplace_back(key, *override_of(point, key));
  return values;
}

std::string spelled(const Settings& at) {
  std::vector<std::string> words;
  for (const auto& [key, value] : at) words.push_back(key + "=" + value);
  return words.empty() ? "all runs" : join(words, " ");
}

/// `@best`, `@last` with a number of rows, or nothing.
bool names_rows(const std::string& suffix) {
  if (suffix.empty() || suffix == "@best") return true;
  const auto rows = suffix.starts_with("@last") ? parse_int(suffix.substr(5)) : std::nullopt;
  return rows && *rows > 0;
}

void set_direction(TunePlan& plan) {
  const Facts facts = plan.points.front().config.make_task()->facts();
  const std::string own = facts.metric_name();
  if (plan.metric.empty()) plan.metric = "valid/" + own + "@best";
  if (plan.metric == "steps_to_target") return;
  const std::size_t at = std::min(plan.metric.find('@'), plan.metric.size());
  const std::string path = plan.metric.substr(0, at);
  const std::string name = path.starts_with("valid/") ? path.substr(6) : "";
  const bool of_sequences = name == "sequence_accuracy" && facts.whole_sequences();
  if ((name != "loss" && name != own && !of_sequences) || !names_rows(plan.metric.substr(at)))
    throw Error(Exit::usage, "settings cannot be chosen by " + shown(plan.metric), "tune.metric",
                "take valid/" + own + "@best or steps_to_target");
  for (const GridPoint& point : plan.points)
    if (name != "loss" && point.config.make_task()->facts().metric_name() != own)
      throw Error(Exit::usage,
                  "tasks of different metrics cannot be tuned by " + shown(plan.metric),
                  "tune.metric", "take valid/loss@best or steps_to_target");
  plan.lower_is_better = name == "loss" || (name == own && facts.lower_is_better());
}

/// Each group has as many runs, all of them validated.
void check_budget(const TunePlan& plan) {
  std::map<Settings, std::size_t> runs;
  for (const GridPoint& point : plan.points) {
    ++runs[group_of(plan, point.config)];
    if (point.config.train().eval_every == 0)
      throw Error(Exit::usage, "tuning needs validations", "train.eval_every = 0",
                  "set it, for the tuning alone under [tune]");
  }
  for (const auto& [group, count] : runs)
    if (count != runs.begin()->second)
      throw Error(Exit::usage,
                  "the groups would be tuned with unequal budgets: " + std::to_string(count) +
                      " runs for " + spelled(group) + ", " + std::to_string(runs.begin()->second) +
                      " for " + spelled(runs.begin()->first),
                  "[tune]", "name what they differ in under by, or set it to one value in [tune]");
}

}  // namespace

std::optional<TunePlan> take_tuning(const Registry& registry, std::vector<Setting>& settings) {
  TunePlan plan;
  std::vector<Setting> own, rest;
  for (const Setting& setting : settings) {
    const auto [part, key] = grid_part(setting.key);
    if (!part.empty() && key == "tune") {
      if (setting.value != "none")
        throw Error(Exit::usage, setting.key + " = " + shown(setting.value) + " is not known",
                    setting.where, "write tune = none, or nothing");
      plan.excluded.push_back(part);
    } else if (setting.key == "tune.by") {
      plan.by = words(setting.value);
    } else if (setting.key == "tune.metric") {
      plan.metric = setting.value;
    } else if (setting.key.starts_with("tune.grid.")) {
      throw Error(Exit::usage, setting.key.substr(5) + " cannot be tuned by parts", setting.where,
                  "name the keys that tell the parts apart under by");
    } else if (setting.key.starts_with("tune.")) {
      own.push_back({setting.key.substr(5), setting.value, setting.where});
    } else {
      rest.push_back(setting);
    }
  }
  settings = rest;
  if (own.empty()) {
    if (plan.by.empty() && plan.metric.empty() && plan.excluded.empty()) return std::nullopt;
    throw Error(Exit::usage, "a tuning of nothing", "[tune]",
                "add keys with several values, such as train.lr = 0.001, 0.01");
  }
  std::vector<Setting> sweep;
  for (const Setting& setting : settings)
    if (!contains(plan.excluded, grid_part(setting.key).first)) sweep.push_back(setting);
  sweep.insert(sweep.end(), own.begin(), own.end());
  plan.points = expand(registry, sweep, {}, true);

  const Config& first = plan.points.front().config;
  for (const std::string& key : plan.by) {
    std::vector<std::string> known;
    for (const auto& entry : first.entries()) known.push_back(entry.spec.key);
    const bool anywhere =
        std::any_of(plan.points.begin(), plan.points.end(),
                    [&](const GridPoint& p) { return !value_of(p.config, key).empty(); });
    if (!contains(known, key) && !anywhere) throw_unknown_key({key, "", "tune.by"}, known);
  }
  for (const Setting& setting : own) {
    if (setting.key == "train.seed" || contains(plan.keys, setting.key)) continue;
    if (override_of(plan.points.front(), setting.key)) plan.keys.push_back(setting.key);
  }
  if (plan.keys.empty())
    throw Error(Exit::usage, "a tuning of nothing", "[tune]",
                "give a key several values, such as train.lr = 0.001, 0.01");
  set_direction(plan);
  check_budget(plan);
  std::string text = plan.metric + "\n" + join(plan.by, " ") + "\n";
  for (const GridPoint& point : plan.points) text += point.config.id() + "\n";
  plan.digest = sha256(text);
  return plan;
}

Tuned choose(const Registry& registry, const TunePlan& plan, const fs::path& tune_folder) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double worst = plan.lower_is_better ? infinity : -infinity;
  Tuned tuned{.sweep = plan.digest,
              .metric = plan.metric,
              .lower_is_better = plan.lower_is_better,
              .seeds = {},
              .groups = {}};
  std::vector<std::vector<std::vector<double>>> values;  // per group and setting
  std::vector<bool> any;                                 // value in the group
  const Manifest manifest = read_manifest(tune_folder);
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const GridPoint& point = plan.points[i];
    const ManifestRun& run = manifest.runs.at(i);
    const Settings at = group_of(plan, point.config), setting = tuned_values(plan, point);
    auto group = std::find_if(tuned.groups.begin(), tuned.groups.end(),
                              [&](const auto& g) { return g.at == at; });
    if (group == tuned.groups.end()) {
      group = tuned.groups.insert(tuned.groups.end(), {.at = at});
      values.emplace_back();
      any.push_back(false);
    }
    const auto place = static_cast<std::size_t>(group - tuned.groups.begin());
    auto& of_group = values[place];
    auto tried = std::find_if(group->tried.begin(), group->tried.end(),
                              [&](const auto& t) { return t.values == setting; });
    if (tried == group->tried.end()) {
      tried = group->tried.insert(group->tried.end(), {.values = setting});
      of_group.emplace_back();
    }
    const fs::path folder = run_folder(tune_folder, run);
    const RunMetrics metrics(folder, frozen_config(registry, run));
    const bool diverged = metrics.outcome() == "diverged";
    const double value = metrics.value(plan.metric);
    any[place] = any[place] || diverged || !std::isnan(value);
    tried->diverged += diverged;
    of_group[static_cast<std::size_t>(tried - group->tried.begin())].push_back(
        diverged || std::isnan(value) ? worst : value);
    ++group->runs;
    if (const auto status = read_status(folder)) {
      group->steps += status->step;
      group->seconds += status->seconds;
    }
    if (const auto& seed = point.config.value("train.seed"); !contains(tuned.seeds, seed))
      tuned.seeds.push_back(seed);
  }
  for (std::size_t g = 0; g < any.size(); ++g)
    if (!any[g])
      throw Error(Exit::usage,
                  "no run of the tuning of " + spelled(tuned.groups[g].at) + " has the metric " +
                      shown(plan.metric),
                  "tune.metric", "take another one");
  for (std::size_t g = 0; g < tuned.groups.size(); ++g) {
    Tuned::Group& group = tuned.groups[g];
    for (std::size_t t = 0; t < group.tried.size(); ++t) {
      group.tried[t].mean = reduced(Reduce::mean, values[g][t]);
      const double best = group.tried[group.chosen].mean;
      if (plan.lower_is_better ? group.tried[t].mean < best : group.tried[t].mean > best)
        group.chosen = t;
    }
  }
  return tuned;
}

namespace {

MoreSettings settings_by(const TunePlan& plan,
                         const std::function<Settings(const Settings& group)>& values) {
  TunePlan rule{.by = plan.by, .metric = {}, .keys = plan.keys, .excluded = plan.excluded};
  return [rule, values](const GridPoint& point) {
    std::vector<Setting> more;
    if (contains(rule.excluded, point.part)) return more;
    for (const std::string& key : rule.keys)
      if (override_of(point, key))
        throw Error(Exit::usage, key + " is tuned, and an axis of the study as well", "[tune]",
                    "take it out of one of them, or write tune = none in that part of the grid");
    for (const auto& [key, value] : values(group_of(rule, point.config)))
      more.push_back({key, value, "tuned"});
    return more;
  };
}

}  // namespace

MoreSettings chosen_settings(const TunePlan& plan, const Tuned& tuned) {
  return settings_by(plan, [tuned](const Settings& at) -> Settings {
    for (const Tuned::Group& group : tuned.groups)
      if (group.at == at) return group.tried[group.chosen].values;
    throw Error(Exit::usage, "nothing is tuned for " + spelled(at), "[tune]",
                "take the key out of [tune], or out of by");
  });
}

MoreSettings first_settings(const TunePlan& plan) {
  std::map<Settings, Settings> first;
  for (const GridPoint& point : plan.points)
    first.emplace(group_of(plan, point.config), tuned_values(plan, point));
  return settings_by(plan, [first](const Settings& at) -> Settings {
    if (const auto found = first.find(at); found != first.end()) return found->second;
    throw Error(Exit::usage, "nothing would be tuned for " + spelled(at), "[tune]",
                "take the key out of [tune], or out of by");
  });
}

void expect_fresh_seeds(const TunePlan& plan, const std::vector<GridPoint>& study) {
  std::set<std::string> seeds;
  for (const GridPoint& point : plan.points) seeds.insert(point.config.value("train.seed"));
  for (const GridPoint& point : study)
    if (!contains(plan.excluded, point.part) && seeds.contains(point.config.value("train.seed")))
      throw Error(Exit::usage,
                  "the study would be run on a seed that its settings are chosen on, " +
                      point.config.value("train.seed"),
                  "[tune] train.seed", "choose on others");
}

}  // namespace rnnlab
