#include "study/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

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

double mean_of(const std::vector<double>& values) {
  return values.empty() ? NAN : reduced(Reduce::mean, values);
}

std::optional<ComparedGroup::Difference> difference(const Group& group, const Group& first) {
  const auto own = by_seed(group), other = by_seed(first);
  if (!own || !other) return std::nullopt;
  std::vector<double> pairs;
  ComparedGroup::Difference result{NAN, {NAN, NAN}, 0};
  for (const auto& [seed, value] : *own) {
    const auto match = other->find(seed);
    if (match == other->end() || std::isnan(value) || std::isnan(match->second)) continue;
    pairs.push_back(value - match->second);
  }
  result.pairs = pairs.size();
  // Two runs that both never reached the target have no difference, and so the mean has none.
  if (std::any_of(pairs.begin(), pairs.end(), [](double pair) { return std::isnan(pair); }))
    return result;
  result.mean = mean_of(pairs);
  result.ci = interval_of_mean(pairs);
  return result;
}

ComparedGroup summarised(const Group& group, bool of_outcome) {
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
  const auto of = [&](Reduce reduce) { return values.empty() ? NAN : reduced(reduce, values); };
  result.mean = mean_of(values);
  result.median = of(Reduce::median);
  result.min = of(Reduce::min);
  result.max = of(Reduce::max);
  result.ci = interval_of_mean(values);
  if (of_outcome && !values.empty())
    result.ci = wilson(std::count(values.begin(), values.end(), 1.0),
                       static_cast<std::int64_t>(values.size()));
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

std::vector<std::string> notes_on(const Comparison& comparison, const std::vector<Group>& groups) {
  std::vector<std::string> notes;
  const auto total = [&](auto count) {
    std::size_t sum = 0;
    for (const ComparedGroup& group : comparison.groups) sum += count(group);
    return sum;
  };
  const auto note = [&](std::size_t n, const std::string& thing, const std::string& rest) {
    if (n > 0) notes.push_back(std::to_string(n) + " " + thing + (n == 1 ? "" : "s") + " " + rest);
  };
  using G = ComparedGroup;
  note(total([](const G& g) { return g.pending; }), "run", "pending: no result yet, left out");
  note(total([](const G& g) { return g.diverged; }), "run", "diverged");
  note(total([](const G& g) { return g.failed; }), "run", "failed: no result, left out");
  note(total([](const G& g) { return g.infinite; }), "run",
       "with an infinite value: the mean is infinite and has no interval, the median holds");
  note(total([](const G& g) { return std::size_t{g.n == 1}; }), "row",
       "of one run: n = 1 cannot tell");
  note(total([](const G& g) { return std::size_t{g.difference && g.difference->pairs == 0}; }),
       "row", "without a seed in common with the first: no paired difference");
  std::vector<std::string> mixed = mixed_keys(groups, comparison.by);
  if (!mixed.empty()) {
    const std::string first = mixed.front();
    if (mixed.size() > 4) {
      mixed.resize(4);
      mixed.emplace_back("…");
    }
    notes.push_back("the runs of a row differ in " + join(mixed, ", ") + " too: --by " +
                    join(comparison.by, ",") + "," + first + " tells them apart");
  }
  const bool unpaired = std::any_of(comparison.groups.begin() + 1, comparison.groups.end(),
                                    [](const G& g) { return !g.difference; });
  if (unpaired) notes.emplace_back("a row with two runs of one seed has no paired difference");
  return notes;
}

}  // namespace

std::vector<std::string> comparison_keys(const std::string& text) {
  std::vector<std::string> keys;
  for (const std::string& piece : split(text, ','))
    for (const std::string& key : words(piece))
      if (!contains(keys, key)) keys.push_back(key);
  return keys;
}

Comparison compare(const std::vector<ComparedRun>& runs, const std::vector<std::string>& by,
                   const std::string& metric) {
  check_keys(runs, by);
  const bool of_outcome = metric == "outcome";
  Comparison comparison{metric, of_outcome ? "Wilson 95 %" : "Student t 95 %", by, {}, {}};
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
    comparison.groups.push_back(summarised(groups[i], of_outcome));
    comparison.groups[i].keys = names[i];
    if (i > 0) comparison.groups[i].difference = difference(groups[i], groups[0]);
  }
  if (!groups.empty()) comparison.notes = notes_on(comparison, groups);
  return comparison;
}

}  // namespace rnnlab
