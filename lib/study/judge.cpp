#include "study/judge.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "study/theory.hpp"

namespace rnnlab {
namespace {

bool counted(const Claim& claim, const ClaimRun& run) {
  if (claim.metric == "outcome")
    return run.outcome == (claim.bar.empty() ? "completed" : claim.bar_value);
  const double value = run.metric(claim.metric);
  if (claim.bar.empty()) return std::isfinite(value);
  const double bar = parse_double(claim.bar_value).value();
  return claim.bar == "<" ? value < bar : value > bar;
}

/// A target that was never reached: later than any that was, and so a value like others.
bool never_reached(const Claim& claim, double value) {
  return claim.metric == "steps_to_target" && value == INFINITY;
}

/// The values of one group, by seed; what else is not finite takes the side against the claim.
struct Values {
  std::vector<double> values;
  std::map<std::string, double> by_seed;
  bool one_per_seed = true;
  std::size_t missing = 0, never = 0;
};

/// The infinity on the side where the claim does not hold.
double against_claim(const Claim& claim) {
  return claim.expect.missing_is_high() ? INFINITY : -INFINITY;
}

Values values_of(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                 bool missing_is_high) {
  Values result;
  for (const ClaimRun* run : runs) {
    double value = run->metric(claim.metric);
    if (never_reached(claim, value)) {
      ++result.never;
    } else if (!std::isfinite(value)) {
      ++result.missing;
      const double low = claim.statistic == Claim::Statistic::ratio ? 0 : -INFINITY;
      value = missing_is_high ? INFINITY : low;
    }
    result.values.push_back(value);
    result.one_per_seed &= result.by_seed.emplace(run->config.value("train.seed"), value).second;
  }
  return result;
}

void judge_value(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                 ClaimResult& result) {
  const Values own = values_of(claim, runs, claim.expect.missing_is_high());
  result.n = own.values.size();
  result.missing = own.missing;
  result.never = own.never;
  if (result.n == 0) return;
  result.ours = reduced(claim.reduce, own.values);
  result.ci = bootstrap(claim.reduce, own.values, against_claim(claim));
}

void judge_contrast(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                    const std::vector<const ClaimRun*>& others, ClaimResult& result) {
  const bool high = claim.expect.missing_is_high();
  const auto contrast =
      claim.statistic == Claim::Statistic::ratio ? Contrast::ratio : Contrast::difference;
  const Values a = values_of(claim, runs, high), b = values_of(claim, others, !high);
  result.missing = a.missing + b.missing;
  result.never = a.never + b.never;
  std::vector<double> pairs;
  for (const auto& [seed, value] : a.by_seed)
    if (const auto other = b.by_seed.find(seed); other != b.by_seed.end())
      pairs.push_back(contrasted(contrast, value, other->second));
  result.paired = a.one_per_seed && b.one_per_seed && !pairs.empty();
  if (result.paired) {
    for (double& pair : pairs)
      if (std::isnan(pair)) pair = against_claim(claim);
    result.n = pairs.size();
    result.ours = reduced(claim.reduce, pairs);
    result.ci = bootstrap(claim.reduce, pairs, against_claim(claim));
    return;
  }
  result.n = std::min(a.values.size(), b.values.size());
  if (result.n == 0) return;
  result.ours =
      contrasted(contrast, reduced(claim.reduce, a.values), reduced(claim.reduce, b.values));
  result.ci = bootstrap(claim.reduce, contrast, a.values, b.values, against_claim(claim));
}

/// The runs cut into groups by a function of their configuration, in order of appearance.
template <class F>
std::vector<std::pair<std::string, std::vector<const ClaimRun*>>> grouped(
    const std::vector<const ClaimRun*>& runs, F&& name) {
  std::vector<std::pair<std::string, std::vector<const ClaimRun*>>> groups;
  for (const ClaimRun* run : runs) {
    const std::string of = name(run->config);
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == of; });
    if (group == groups.end()) group = groups.insert(groups.end(), {of, {}});
    group->second.push_back(run);
  }
  return groups;
}

/// The keys, but the seed, in which the configurations differ, as the first run of each group has
/// them.
Settings telling_apart(const std::vector<const ClaimRun*>& runs, const ClaimRun& run) {
  Settings at;
  for (const auto& entry : run.config.entries()) {
    const std::string& key = entry.spec.key;
    if (key == "train.seed") continue;
    const bool differs = std::any_of(runs.begin(), runs.end(), [&](const ClaimRun* other) {
      const auto& entries = other->config.entries();
      const auto same = std::find_if(entries.begin(), entries.end(),
                                     [&](const auto& e) { return e.spec.key == key; });
      return same != entries.end() && same->value != entry.value;
    });
    if (differs) at.emplace_back(key, entry.value);
  }
  return at;
}

/// Differs if any part does, passes only if all do.
Verdict worse(Verdict a, Verdict b) {
  if (a == Verdict::differs || b == Verdict::differs) return Verdict::differs;
  return a == Verdict::pass && b == Verdict::pass ? Verdict::pass : Verdict::undecided;
}

Interval absolute(const Interval& i) {
  const double low = std::abs(i.low), high = std::abs(i.high);
  const bool around_zero = i.low <= 0 && i.high >= 0;
  return {around_zero ? 0 : std::min(low, high), std::max(low, high)};
}

Verdict judge_error(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                    ClaimResult& result) {
  Verdict verdict = Verdict::pass;
  for (const auto& [hash, group] :
       grouped(runs, [](const Config& config) { return config.hash(); })) {
    Values values = values_of(claim, group, true);
    const double expected =
        theory(claim.theory, [&](const std::string& key) { return group[0]->config.value(key); });
    result.points.push_back({telling_apart(runs, *group[0]), expected,
                             reduced(claim.reduce, values.values),
                             bootstrap(claim.reduce, values.values), values.values.size()});
    for (double& value : values.values) value -= expected;
    const double error = std::abs(reduced(claim.reduce, values.values));
    const Interval ci = absolute(bootstrap(claim.reduce, values.values));
    verdict =
        worse(verdict, values.values.size() > 1 ? claim.expect.judge(ci) : Verdict::undecided);
    if (result.n == 0 || error > result.ours) {
      result.ours = error;
      result.ci = ci;
    }
    result.n += values.values.size();
    result.missing += values.missing;
    result.never += values.never;
  }
  return verdict;
}

Verdict judge_trend(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                    ClaimResult& result) {
  auto groups = grouped(runs, [&](const Config& config) { return config.value(claim.by); });
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    const auto x = parse_double(a.first), y = parse_double(b.first);
    return x && y && *x < *y;
  });
  Verdict verdict = groups.size() > 1 ? Verdict::pass : Verdict::undecided;
  const double towards = claim.expect.kind == Expectation::Kind::increasing ? 1 : -1;
  for (const auto& [value, group] : groups) {
    const Values own = values_of(claim, group, claim.expect.missing_is_high());
    result.missing += own.missing;
    result.never += own.never;
    result.points.push_back({{{claim.by, value}},
                             NAN,
                             reduced(claim.reduce, own.values),
                             bootstrap(claim.reduce, own.values),
                             own.values.size()});
  }
  for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
    ClaimResult step{.claim = claim, .ours = NAN, .ci = {NAN, NAN}};
    judge_contrast(claim, groups[i + 1].second, groups[i].second, step);
    const bool known = step.n > 1 && !std::isnan(step.ours);
    verdict = worse(verdict, known ? claim.expect.judge(step.ci) : Verdict::undecided);
    // Shown: the step that goes least in the expected direction.
    if (i == 0 || towards * step.ours < towards * result.ours) {
      result.ours = step.ours;
      result.ci = step.ci;
      result.paired = step.paired;
    }
  }
  result.n = runs.size();
  return verdict;
}

void judge_correlation(const Claim& claim, const std::vector<const ClaimRun*>& runs,
                       ClaimResult& result) {
  std::vector<double> along, values;
  for (const ClaimRun* run : runs) {
    along.push_back(parse_double(run->config.value(claim.by)).value());
    values.push_back(run->metric(claim.metric));
    const bool never = never_reached(claim, values.back());
    result.never += never;
    result.missing += !never && !std::isfinite(values.back());
  }
  result.n = runs.size();
  if (result.n == 0 || result.missing > 0) return;
  result.ours = spearman(along, values);
  if (std::isfinite(result.ours)) result.ci = bootstrap_spearman(along, values);
}

/// What the runs set otherwise than their protocols, by key: `train.steps = 4000 (protocol: 9000)`.
std::vector<std::string> changes_to_protocols(const std::vector<const ClaimRun*>& runs) {
  using Change = std::pair<std::string, std::string>;  // key, value of the protocol
  std::vector<std::pair<Change, std::vector<std::string>>> changes;
  for (const ClaimRun* run : runs) {
    const Protocol* protocol = run->config.protocol();
    if (!protocol) continue;
    std::map<std::string, std::string> set(protocol->settings.begin(), protocol->settings.end());
    for (const auto& [model, own] : protocol->per_model)
      if (model == run->config.value("model.name"))
        for (const auto& [key, value] : own) set[key] = value;
    for (const auto& entry : run->config.entries()) {
      const auto found = set.find(entry.spec.key);
      if (found == set.end()) continue;
      const std::string its = canonical(entry.spec, {found->first, found->second, "protocol"});
      if (its == entry.value) continue;
      const Change change{found->first, its};
      auto known = std::find_if(changes.begin(), changes.end(),
                                [&](const auto& c) { return c.first == change; });
      if (known == changes.end()) known = changes.insert(changes.end(), {change, {}});
      auto& values = known->second;
      if (std::find(values.begin(), values.end(), entry.value) == values.end())
        values.push_back(entry.value);
    }
  }
  std::vector<std::string> lines;
  for (const auto& [change, values] : changes)
    lines.push_back(change.first + " = " + join(values, ", ") + " (protocol: " + change.second +
                    ")");
  return lines;
}

void describe_runs(const std::vector<const ClaimRun*>& runs,
                   const std::vector<const ClaimRun*>& others, ClaimResult& result) {
  const auto add = [](std::vector<std::string>& list, const std::string& text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
  };
  std::vector<std::string> tasks;
  std::vector<PlateauVisits> visits;
  for (const ClaimRun* run : runs) {
    if (run->plateaus) visits.push_back(*run->plateaus);
    add(tasks, run->config.task_name());
    add(result.seeds, run->config.value("train.seed"));
  }
  std::vector<const ClaimRun*> compared = runs;
  compared.insert(compared.end(), others.begin(), others.end());
  for (const ClaimRun* run : compared)
    if (const Protocol* protocol = run->config.protocol())
      for (const std::string& deviation : protocol->deviates) add(result.deviates, deviation);
  for (const std::string& change : changes_to_protocols(compared)) add(result.deviates, change);
  result.protocol = join(tasks, " ");
  result.plateaus = summarise_plateaus(visits);
}

}  // namespace

bool matches(const Config& config, const std::vector<Claim::Condition>& conditions,
             const std::string& where) {
  for (const Claim::Condition& condition : conditions) {
    const auto& entries = config.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& e) { return e.spec.key == condition.key; });
    if (entry == entries.end()) return false;
    if (canonical(entry->spec, {condition.key, condition.value, where}) != entry->value)
      return false;
  }
  return true;
}

ClaimResult judge(const Claim& claim, const std::vector<ClaimRun>& runs) {
  ClaimResult result{.claim = claim, .ours = NAN, .ci = {NAN, NAN}};
  std::vector<const ClaimRun*> selected, others;
  for (const ClaimRun& run : runs) {
    const bool own = matches(run.config, claim.select, claim.where);
    const bool other = !claim.against.empty() && matches(run.config, claim.against, claim.where);
    if ((own || other) && run.outcome.empty()) ++result.pending;
    if (run.outcome.empty()) continue;
    if (own) selected.push_back(&run);
    if (other) others.push_back(&run);
  }
  describe_runs(selected, others, result);

  if (claim.statistic == Claim::Statistic::count) {
    result.n = selected.size();
    result.count = std::count_if(selected.begin(), selected.end(),
                                 [&](const ClaimRun* run) { return counted(claim, *run); });
    const auto n = static_cast<std::int64_t>(result.n);
    if (n > 0) {
      result.ours = static_cast<double>(result.count) / static_cast<double>(n);
      result.ci = wilson(result.count, n);
      result.verdict =
          claim.expect.judge(result.count, n, static_cast<std::int64_t>(result.pending));
    }
  } else {
    std::optional<Verdict> verdict;
    if (claim.statistic == Claim::Statistic::abs_error) {
      verdict = judge_error(claim, selected, result);
    } else if (claim.statistic == Claim::Statistic::spearman) {
      judge_correlation(claim, selected, result);
    } else if (!claim.by.empty()) {
      verdict = judge_trend(claim, selected, result);
    } else if (claim.against.empty()) {
      judge_value(claim, selected, result);
    } else {
      judge_contrast(claim, selected, others, result);
    }
    if (!verdict && std::isnan(result.ours)) verdict = Verdict::undecided;
    if (result.n > 1 && result.pending == 0)
      result.verdict = verdict ? *verdict : claim.expect.judge(result.ci);
    if (result.n == 1) result.note = "one run cannot tell";
  }
  if (claim.statistic == Claim::Statistic::spearman && std::isnan(result.ours))
    result.note = result.missing > 0 ? "runs without a finite value have no rank"
                                     : "all runs are equal: no correlation";
  if (result.n == 0) result.note = "no run has ended";
  if (result.pending > 0) result.note = std::to_string(result.pending) + " runs have not ended";
  return result;
}

}  // namespace rnnlab
