#include "study/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/comparison_notes.hpp"
#include "study/judge.hpp"

namespace rnnlab {
namespace {

using Group = std::vector<const ComparedRun*>;

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void check_keys(const std::vector<ComparedRun>& runs, const std::vector<std::string>& by) {
  std::vector<std::string> known;
  for (const ComparedRun& run : runs)
    if (known.empty() || run.config.task().name != runs.front().config.task().name)
      for (const Config::Entry& entry : run.config.entries())
        if (!contains(known, entry.spec.key)) known.push_back(entry.spec.key);
  for (const std::string& key : by)
    if (!contains(known, key)) throw_unknown_key({key, "", "--by"}, known);
}

std::vector<std::string> values_of(const Config& config, const std::vector<std::string>& by) {
  std::vector<std::string> values;
  for (const std::string& key : by) {
    const auto& entries = config.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const Config::Entry& e) { return e.spec.key == key; });
    values.push_back(entry == entries.end() ? "-" : entry->value);
  }
  return values;
}

/// Values by seed; nothing if the group has two runs of one seed.
std::optional<std::map<std::string, double>> by_seed(const Group& group) {
  std::map<std::string, double> values;
  for (const ComparedRun* run : group)
    if (!values.emplace(run->config.value("train.seed"), run->value).second) return std::nullopt;
  return values;
}

Interval interval_of_mean(const std::vector<double>& values) {
  return values.size() < 2 ? Interval{NAN, NAN} : student(values);
}

double reduced_or_nan(Reduce reduce, const std::vector<double>& values) {
  return values.empty() ? NAN : reduced(reduce, values);
}

std::optional<ComparedGroup::Difference> difference(const Group& group, const Group& chosen) {
  const auto own = by_seed(group), other = by_seed(chosen);
  if (!own || !other) return std::nullopt;
  std::vector<double> pairs;
  ComparedGroup::Difference result{NAN, {NAN, NAN}, 0, NAN};
  for (const auto& [seed, value] : *own) {
    const auto match = other->find(seed);
    if (match == other->end() || std::isnan(value) || std::isnan(match->second)) continue;
    pairs.push_back(value - match->second);
  }
  result.pairs = pairs.size();
  // Two runs that both never reached the target have no difference, and so the mean has none.
  if (std::any_of(pairs.begin(), pairs.end(), [](double pair) { return std::isnan(pair); }))
    return result;
  result.mean = reduced_or_nan(Reduce::mean, pairs);
  result.ci = interval_of_mean(pairs);
  if (std::isfinite(result.ci.low)) result.pairs_needed = values_to_tell(pairs);
  return result;
}

std::optional<ComparedGroup::Success> success(const Group& group) {
  ComparedGroup::Success result;
  for (const ComparedRun* run : group) {
    if (!run->passage) continue;
    ++result.runs;
    result.reached += run->passage->reached;
  }
  if (result.runs == 0) return std::nullopt;
  result.ci =
      wilson(static_cast<std::int64_t>(result.reached), static_cast<std::int64_t>(result.runs));
  return result;
}

std::optional<ComparedGroup::TimeToTarget> time_to_target(const Group& group) {
  std::vector<Passage> passages;
  double seen = NAN;
  for (const ComparedRun* run : group) {
    if (!run->passage) continue;
    passages.push_back(*run->passage);
    if (std::isfinite(run->passage->step)) seen = std::fmax(seen, run->passage->step);
  }
  if (passages.empty()) return std::nullopt;
  const std::vector<ReachedShare> curve = kaplan_meier(passages);
  return ComparedGroup::TimeToTarget{
      curve,
      {reached_quantile(curve, 0.25), reached_quantile(curve, 0.5), reached_quantile(curve, 0.75)},
      reached_quantile_interval(curve, 0.5),
      seen};
}

ComparedGroup summarised(const Group& group, const std::string& metric) {
  ComparedGroup result;
  std::vector<double> values;
  for (const ComparedRun* run : group) {
    result.diverged += run->state == "diverged";
    result.failed += run->state == "failed";
    const bool ended =
        run->state == "completed" || run->state == "diverged" || run->state == "failed";
    result.pending += !ended;
    if (std::isnan(run->value)) continue;
    values.push_back(run->value);
    result.infinite += std::isinf(run->value);
    result.seeds.push_back(run->config.value("train.seed"));
  }
  result.n = values.size();
  result.mean = reduced_or_nan(Reduce::mean, values);
  result.median = reduced_or_nan(Reduce::median, values);
  result.iqm = reduced_or_nan(Reduce::iqm, values);
  result.min = reduced_or_nan(Reduce::min, values);
  result.max = reduced_or_nan(Reduce::max, values);
  result.ci = interval_of_mean(values);
  result.iqm_ci = values.size() < 2 ? Interval{NAN, NAN} : bootstrap(Reduce::iqm, values);
  if (metric == "outcome" && !values.empty())
    result.ci = wilson(std::count(values.begin(), values.end(), 1.0),
                       static_cast<std::int64_t>(values.size()));
  result.success = success(group);
  if (metric == "steps_to_target") result.time_to_target = time_to_target(group);
  return result;
}

/// Keys of the id, beside those of the comparison, in which runs of one group differ.
std::vector<std::string> mixed_keys(const std::vector<Group>& groups,
                                    const std::vector<std::string>& by) {
  std::vector<std::string> mixed;
  for (const Group& group : groups) {
    const Config& first = group.front()->config;
    for (const ComparedRun* run : group) {
      if (run->config.hash() == first.hash()) continue;
      std::map<std::string, std::string> values;
      for (const Config::Entry& entry : run->config.entries())
        values.emplace(entry.spec.key, entry.value);
      for (const Config::Entry& entry : first.entries()) {
        if (!entry.spec.identity() || contains(by, entry.spec.key)) continue;
        const auto value = values.find(entry.spec.key);
        const bool differs = value == values.end() || value->second != entry.value;
        if (differs && !contains(mixed, entry.spec.key)) mixed.push_back(entry.spec.key);
      }
    }
  }
  return mixed;
}

/// The group that `text` means.
std::size_t chosen_group(const Comparison& comparison, const std::vector<Group>& groups,
                         std::string text) {
  if (text.empty()) return 0;
  std::replace(text.begin(), text.end(), ',', ' ');
  const auto conditions = parse_conditions({"--against", text, "command line"});
  std::vector<std::string> names;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool meant = std::all_of(groups[i].begin(), groups[i].end(), [&](const ComparedRun* run) {
      return matches(run->config, conditions, "--against");
    });
    if (!meant) continue;
    names.push_back(comparison.name(comparison.groups[i]));
    chosen = i;
  }
  if (names.empty())
    throw Error(Exit::usage, "no row is " + shown(text), "--against",
                "name one of the rows by the keys of --by, such as " +
                    comparison.name(comparison.groups.front()));
  if (names.size() > 1)
    throw Error(Exit::usage, shown(text) + " is more than one row", "--against",
                "add keys that tell " + names[0] + " and " + names[1] + " apart");
  return chosen;
}

std::string common_criterion(const std::vector<ComparedRun>& runs) {
  std::string common;
  for (const ComparedRun& run : runs) {
    if (!run.passage || run.criterion.empty() || run.criterion == common) continue;
    if (!common.empty()) return "its run's target";
    common = run.criterion;
  }
  return common;
}

}  // namespace

std::vector<std::string> comparison_keys(const std::string& text) {
  std::vector<std::string> keys;
  for (const std::string& piece : split(text, ','))
    for (const std::string& key : words(piece))
      if (!contains(keys, key)) keys.push_back(key);
  return keys;
}

std::string Comparison::name(const ComparedGroup& group) const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < by.size(); ++i) parts.push_back(by[i] + "=" + group.keys[i]);
  return join(parts, ",");
}

Comparison compare(const std::vector<ComparedRun>& runs, const std::vector<std::string>& by,
                   const std::string& metric, const std::string& against) {
  check_keys(runs, by);
  Comparison comparison{metric, metric == "outcome" ? "Wilson 95 %" : "Student t 95 %", by, {}, {}};
  std::vector<Group> groups;
  std::vector<std::vector<std::string>> names;
  std::map<std::vector<std::string>, std::size_t> group_of;
  for (const ComparedRun& run : runs) {
    const std::vector<std::string> values = values_of(run.config, by);
    const auto [place, is_new] = group_of.emplace(values, groups.size());
    if (is_new) {
      groups.emplace_back();
      names.push_back(values);
    }
    groups[place->second].push_back(&run);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    comparison.groups.push_back(summarised(groups[i], metric));
    comparison.groups[i].keys = names[i];
  }
  if (groups.empty()) return comparison;
  comparison.criterion = common_criterion(runs);
  comparison.against = chosen_group(comparison, groups, against);
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (i != comparison.against)
      comparison.groups[i].difference = difference(groups[i], groups[comparison.against]);
  comparison.notes = comparison_notes(comparison, mixed_keys(groups, by));
  return comparison;
}

}  // namespace rnnlab
